/**
 * Faults as the short text of a command line, pieces separated by commas:
 *
 *     TARGET:FAULT[+NAME=VALUE][/accepted][@RATE%][*TIMES][~SKIP]
 *
 * TARGET is an operation, a path (`/call/*`) or `*`, or `webhook` for the messages that a twin sends: they meet `drop`,
 * `delay=SECONDS`, `double`, `double=SECONDS`, `reorder` and `garble=FORM`. FAULT is an HTTP status, `delay=SECONDS`, `hang`, `drop`,
 * `garble=FORM`, `slow_body=SECONDS` or `redirect=STATUS`. A status takes `+form=`, `+retry-after=`, `+retry-after-ms=` and
 * `+delay=`, a redirect `+location=`. Examples: `place:503@10%`, `get:429+retry-after=2*3`, `get:504+delay=30`,
 * `place:drop/accepted`, `*:delay=1.5`.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import { formatPath, isJsonObject } from "../domain/Json.ts"
import { misfitOf } from "../domain/misfit.ts"
import { FaultRule, FaultRules, GARBLE_FORMS, ruleFault, TwinOperation } from "./fault.ts"

/** A text that describes no faults: the piece at fault, what was expected there, and what there is to choose from. */
export class FaultTextError extends Error {
  override readonly name = "FaultTextError"
  readonly piece: string
  readonly expected: string

  constructor(piece: string, expected: string) {
    super(`"${piece}": expected ${expected}. ${CHOICES}`)
    this.piece = piece
    this.expected = expected
  }
}

const OPERATIONS = TwinOperation.literals

const CHOICES = [
  "Faults: a status 400 to 599, delay=SECONDS, hang, drop, garble=FORM, slow_body=SECONDS, redirect=STATUS",
  `(forms: ${GARBLE_FORMS.join(", ")}); of webhook: double, double=SECONDS, reorder, drop, delay=SECONDS, garble=FORM.`,
  `Targets: ${OPERATIONS.join(", ")}, a path, or *.`
].join(" ")

type Fields = { readonly [name: string]: unknown }

interface Piece {
  readonly text: string
  readonly fail: (expected: string) => FaultTextError
}

const SUFFIXES: ReadonlyArray<readonly [pattern: RegExp, read: (digits: string) => Fields]> = [
  [/\/accepted$/, () => ({ accepted: true })],
  [/@(\d+(?:\.\d+)?)%$/, (digits) => ({ rate: Number(digits) / 100 })],
  [/\*(\d+)$/, (digits) => ({ times: Number(digits) })],
  [/~(\d+)$/, (digits) => ({ skip: Number(digits) })]
]

/** Takes `/accepted`, `@10%`, `*3` and `~1` off the end, in any order. */
const readSuffixes = (text: string): { readonly rest: string; readonly fields: Fields } => {
  for (const [pattern, read] of SUFFIXES) {
    const match = pattern.exec(text)
    if (match === null) continue
    const { rest, fields } = readSuffixes(text.slice(0, match.index))
    return { rest, fields: { ...fields, ...read(match[1] ?? "") } }
  }
  return { rest: text, fields: {} }
}

const readTarget = (text: string, { fail }: Piece): Fields => {
  if (text === "*") return {}
  if (text.startsWith("/") || text.startsWith("^")) return { on: { path: text } }
  if (OPERATIONS.some((operation) => operation === text)) return { on: { operation: text } }
  throw fail(`an operation, a path or * before the colon`)
}

const readNumber = (text: string | undefined, what: string, { fail }: Piece): number => {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) throw fail(what)
  return Number(text)
}

const PARAMETERS: { readonly [kind: string]: { readonly [name: string]: string } } = {
  status: { form: "form", "retry-after": "retryAfter", "retry-after-ms": "retryAfterMs", delay: "delaySeconds" },
  redirect: { location: "location" }
}

const readParameters = (kind: string, texts: ReadonlyArray<string>, { fail }: Piece): Fields =>
  Object.fromEntries(
    texts.map((text) => {
      const [, name = "", value = ""] = /^([a-z-]+)=(.+)$/.exec(text) ?? []
      const field = PARAMETERS[kind]?.[name]
      const names = Object.keys(PARAMETERS[kind] ?? {})
      if (field === undefined) {
        throw fail(names.length === 0 ? `no +name=value after ${kind}` : `one of +${names.join("=, +")}= after ${kind}`)
      }
      return [field, /^\d+(\.\d+)?$/.test(value) ? Number(value) : value]
    })
  )

const readKind = (text: string, piece: Piece): Fields => {
  const [, name = text, value] = /^([a-z_]+)(?:=(.*))?$/.exec(text) ?? []
  if (/^\d+$/.test(text)) return { kind: "status", status: Number(text) }
  switch (name) {
    case "hang":
    case "drop":
      if (value !== undefined) throw piece.fail(`nothing after ${name}`)
      return { kind: name }
    case "reorder":
      if (value !== undefined) throw piece.fail("nothing after reorder")
      return { kind: name }
    case "double":
      return value === undefined
        ? { kind: name }
        : { kind: name, seconds: readNumber(value, "seconds after double=", piece) }
    case "delay":
    case "slow_body":
      return { kind: name, seconds: readNumber(value, `seconds after ${name}=`, piece) }
    case "garble":
      return { kind: name, form: value ?? "html" }
    case "redirect":
      return { kind: name, status: readNumber(value, "a status after redirect=", piece) }
    default:
      throw piece.fail("a fault after the colon")
  }
}

const decodeRule = Schema.decodeUnknownResult(FaultRule, { onExcessProperty: "error" })
const decodeRules = Schema.decodeUnknownResult(FaultRules, { onExcessProperty: "error" })

/** Where a rule does not fit and what was expected there. */
const misfit = (error: { readonly issue: SchemaIssue.Issue }): string => {
  const { path, expected = "a fault rule" } = misfitOf(error)
  return path.length === 0 ? expected : `${formatPath(path)}: ${expected}`
}

const readPiece = (text: string): FaultRule => {
  const piece: Piece = { text, fail: (expected) => new FaultTextError(text, expected) }
  const colon = text.indexOf(":")
  if (colon < 1) throw piece.fail("TARGET:FAULT")
  const { rest, fields } = readSuffixes(text.slice(colon + 1))
  const [kindText = "", ...parameterTexts] = rest.split("+")
  const { accepted, ...limits } = fields
  const fault = readKind(kindText, piece)
  const parameters = readParameters(String(fault["kind"]), parameterTexts, piece)
  const work = accepted === undefined ? {} : { accepted }
  const rule = { ...readTarget(text.slice(0, colon), piece), ...limits, fault: { ...fault, ...parameters, ...work } }
  const read = decodeRule(rule)
  if (Result.isFailure(read)) throw piece.fail(expectedOf(fault, misfit(read.failure)))
  const unfit = ruleFault(read.success)
  if (unfit !== undefined) throw piece.fail(unfit)
  return read.success
}

/** A union of faults can only say that none of them fits; the kind that was meant says more. */
const expectedOf = ({ kind }: Fields, found: string): string => {
  if (!found.startsWith("fault")) return found
  switch (kind) {
    case "status":
      return "a status from 400 to 599, +form= one of json, html, text, empty, and +delay= seconds"
    case "redirect":
      return "redirect= one of 301, 302, 303, 307, 308"
    case "garble":
      return `garble= one of ${GARBLE_FORMS.join(", ")}`
    default:
      return found
  }
}

/** Rules that can be met. @throws FaultTextError */
const fitting = (rules: ReadonlyArray<FaultRule>, piece: string): ReadonlyArray<FaultRule> => {
  for (const rule of rules) {
    const unfit = ruleFault(rule)
    if (unfit !== undefined) throw new FaultTextError(piece, `fault rules: ${unfit}`)
  }
  return rules
}

const readJson = (text: string): ReadonlyArray<FaultRule> => {
  const value = parseJson(text)
  const read = decodeRules(isJsonObject(value) ? [value] : value)
  if (Result.isFailure(read)) throw new FaultTextError(shortened(text), `fault rules: ${misfit(read.failure)}`)
  return fitting(read.success, shortened(text))
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new FaultTextError(shortened(text), "JSON, since it starts with a bracket")
  }
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** Reads fault rules: JSON if the text starts with `[` or `{`, else the short text. Empty text is no fault. */
export const parseFaults = (text: string): Result.Result<ReadonlyArray<FaultRule>, FaultTextError> => {
  const trimmed = text.trim()
  try {
    if (/^[[{]/.test(trimmed)) return Result.succeed(readJson(trimmed))
    const pieces = trimmed.split(",").map((piece) => piece.trim())
    return Result.succeed(pieces.filter((piece) => piece !== "").map(readPiece))
  } catch (error) {
    if (error instanceof FaultTextError) return Result.fail(error)
    throw error
  }
}

/**
 * Fault rules from what a caller gives: rules, or text of either form.
 *
 * @throws FaultTextError if they are no fault rules
 */
export const faultRules = (given: string | ReadonlyArray<FaultRule>): ReadonlyArray<FaultRule> => {
  if (typeof given === "string") return Result.getOrThrow(parseFaults(given))
  const read = decodeRules(given)
  if (Result.isFailure(read)) throw new FaultTextError("rules", misfit(read.failure))
  return fitting(read.success, "rules")
}
