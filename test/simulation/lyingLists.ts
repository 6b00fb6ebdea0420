/** Lists that lied: each order that turned up after all is told, once, and from then on nothing more is called absent. */
import type { History } from "./history.ts"

/** What lists that lied came to. */
interface Lies {
  readonly faults: ReadonlyArray<string>
  /** Orders that lists had been enough to call absent, and that turned up. */
  readonly found: number
  /** How often a process told of one. */
  readonly told: number
  /** Providers whose policies it has stopped. */
  readonly stopped: ReadonlySet<string>
}

/** How the list of a provider lied in a history: by each step that set what it tells, the most that was wrong. */
export const lieOf = ({ script: { steps } }: History, provider: string): string => {
  const lies = steps.flatMap((step) => {
    if (step.do !== "lists" || step.provider !== provider) return []
    const { hides, minimal, delaySeconds } = step
    if (hides !== "nothing") return [HIDING[hides]]
    if (delaySeconds > 0) return ["told orders late"]
    return minimal ? ["told no references"] : []
  })
  return [...new Set(lies)].toSorted().join(" and ") || "did not lie"
}

const HIDING = { all: "held nothing", queued: "lacked queued orders", over: "lacked orders that were over" } as const

/** Whoever read what is known of a list has written what it makes of it by then. */
const LONGEST_PASS = 5 * 60_000

export const liesIn = ({ script, events }: History): Lies => {
  const faults: Array<string> = []
  const places = new Set(script.steps.map((step) => step.do))
  const absent = new Map<string, boolean>()
  const wrong = new Set<string>()
  const stoppedAt = new Map<string, number>()
  /** How many each life still has to tell. */
  const owed = new Map<string, number>()
  let told = 0
  // A process that slept writes what it had read before.
  const isStopped = (provider: string, at: number): boolean =>
    !places.has("sleep") && at - (stoppedAt.get(provider) ?? Number.POSITIVE_INFINITY) > LONGEST_PASS
  for (const event of events) {
    if (event.event === "died") owed.delete(`${event.process}.${event.life}`)
    if (event.event === "wrong") {
      const life = `${event.process}.${event.life}`
      const left = (owed.get(life) ?? 0) - 1
      told += 1
      if (left < 0) faults.push("a list was called wrong that was not, or twice")
      owed.set(life, left)
    }
    if (event.event !== "journal") continue
    const { operation, answer, at } = event
    if (typeof answer !== "object" || answer === null || !("token" in answer)) continue
    const { token, provider, state, evidence, wrongAt } = answer
    if (operation.do === "supersede" && token === operation.reservation.token) {
      const isByList = absent.get(operation.reservation.supersedes ?? "") === true
      if (isByList && isStopped(provider, at)) faults.push("an order was placed again that is doubted")
    }
    if (operation.do !== "settle") continue
    const isAbsent = state === "absent" && evidence === "not_listed"
    if (isAbsent && absent.get(token) !== true && isStopped(provider, at))
      faults.push("an order was called absent by a list that had been wrong")
    absent.set(token, isAbsent)
    // Two that write it at one moment do not know of each other: both tell it.
    if (wrongAt === undefined || (wrong.has(token) && operation.at !== wrongAt)) continue
    wrong.add(token)
    if (!stoppedAt.has(provider)) stoppedAt.set(provider, at)
    const life = `${event.process}.${event.life}`
    owed.set(life, (owed.get(life) ?? 0) + 1)
  }
  const untold = [...owed.values()].some((left) => left > 0)
  // Whoever is told that its write failed does not know what it did.
  if (untold && !places.has("journal")) faults.push("a list turned out to be wrong, and nobody was told")
  return { faults, found: wrong.size, told, stopped: new Set(stoppedAt.keys()) }
}
