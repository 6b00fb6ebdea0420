/** Which fault a request meets: rules counted and drawn. */
import type { Fault, FaultRule, FaultTarget, TwinOperation } from "./fault.ts"
import { drawFrom } from "./seeded.ts"

/** As much of a request as a rule can ask for. */
export interface FaultSubject {
  readonly method: string
  readonly path: string
  readonly operation: TwinOperation | undefined
}

const fitsPath = (wanted: string, path: string): boolean => {
  if (wanted.startsWith("^")) return new RegExp(wanted).test(path)
  return wanted.endsWith("*") ? path.startsWith(wanted.slice(0, -1)) : path === wanted
}

/** Messages are met by rules that name them alone: `*` is every request. */
const fits = ({ method, path, operation }: FaultTarget, subject: FaultSubject): boolean =>
  (subject.operation !== "webhook" || operation === "webhook") &&
  (method === undefined || method.toUpperCase() === subject.method) &&
  (operation === undefined || operation === subject.operation) &&
  (path === undefined || fitsPath(path, subject.path))

/** Makes the function that says which fault, if any, a request meets; it remembers how often each rule was asked. */
export const makeFaultPlan = (
  rules: ReadonlyArray<FaultRule>,
  seed: string
): ((subject: FaultSubject) => Fault | undefined) => {
  const counts = rules.map((rule, index) => ({ rule, index, seen: 0, fired: 0 }))
  return (subject) => {
    for (const count of counts) {
      const { on = {}, rate = 1, times = Number.POSITIVE_INFINITY, skip = 0, fault } = count.rule
      if (!fits(on, subject)) continue
      count.seen += 1
      if (count.seen <= skip || count.fired >= times) continue
      if (rate < 1 && drawFrom(seed, "fault", count.index, count.seen) >= rate) continue
      count.fired += 1
      return fault
    }
    return undefined
  }
}
