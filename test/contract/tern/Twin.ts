/** Tern as a simulation, which plays the stories. */
import * as Schema from "effect/Schema"
import type { TwinOptions } from "../../../src/provider/index.ts"
import {
  type AttemptState,
  bodyReader,
  E164,
  makeOrderAnswers,
  makeOrderBook,
  makeTwin,
  optional,
  type OrderState,
  type PlacedOrder,
  storyOf,
  TWIN_KEY,
  type Twin,
  type TwinDefinition
} from "../../../src/testing/index.ts"

const DialBody = Schema.Struct({ to: E164, agent: Schema.NonEmptyString, ref: optional(Schema.String) })

const readDial = bodyReader(DialBody, { to: "a telephone number in E.164", agent: "the id of an agent", ref: "a text" })

/** What a record repeats of the request, and the key that it was sent with. */
type Details = Pick<typeof DialBody.Type, "agent" | "ref"> & { readonly key: string | undefined }

const KEY_MILLIS = 86_400_000

const PAGE = 2
const WAITING = { scheduled: "waiting", queued: "waiting", between_attempts: "waiting" }
const WHO = new Map([
  ["human", "person"],
  ["voicemail", "machine"]
])
const WHYS = new Map([
  ["busy", "busy"],
  ["no_answer", "no_pickup"],
  ["invalid_number", "bad_number"],
  ["not_permitted", "blocked"]
])
const SPEAKERS = new Map([
  ["agent", "bot"],
  ["remote", "callee"]
])

const phaseWord = ({ story }: PlacedOrder<Details>, { phase, canceled, attempts }: OrderState): string => {
  if (phase !== "over") return { ...WAITING, dialing: "calling", talking: "talking" }[phase]
  if (canceled) return "aborted"
  if (story.unknownWords === "status") return "wrapped_up"
  return attempts.some(({ answeredAt }) => answeredAt !== undefined) ? "finished" : "dead"
}

const legRecord = (order: PlacedOrder<Details>, attempt: AttemptState): object => {
  const isOver = attempt.phase === "over" && !attempt.hungUp
  const who = order.story.unknownWords === "details" ? "robot" : (WHO.get(attempt.plan.answeredBy ?? "") ?? null)
  return {
    n: attempt.index + 1,
    started: attempt.dialedAt,
    picked_up: attempt.answeredAt ?? null,
    ended: attempt.endedAt ?? null,
    who: isOver && attempt.answeredAt !== undefined ? who : null,
    why: isOver ? (WHYS.get(attempt.plan.failure ?? "") ?? null) : null,
    lines: (attempt.turns ?? []).flatMap(({ role, text, at }) => {
      const by = SPEAKERS.get(role)
      return by === undefined ? [] : [{ by, said: text, at: at === undefined ? null : Date.parse(at) }]
    })
  }
}

const dialRecord = (order: PlacedOrder<Details>, state: OrderState): object => {
  const { outcome, summary } = order.story
  const judged = state.evaluated && outcome !== undefined
  return {
    uid: order.id,
    ref: order.details.ref ?? null,
    phase: phaseWord(order, state),
    party: { number: order.to },
    agent: order.details.agent,
    created: state.placedAt,
    legs: state.attempts.map((attempt) => legRecord(order, attempt)),
    verdict: {
      goal_met: judged ? outcome === "interested" || outcome === "completed" : null,
      note: judged ? (summary ?? null) : null
    },
    audio: state.attempts.some(({ recorded }) => recorded)
      ? [{ url: `https://audio.tern.example.invalid/${order.id}.wav` }]
      : [],
    api_secret: "tern-very-secret"
  }
}

/** What a story comes to at Tern, which has few words. */
const endingOf: TwinDefinition["endingOf"] = (ending, { attempts, unknownWords }) => {
  if (unknownWords !== undefined || ["pending", "canceled"].includes(ending.reach))
    return { ...ending, because: undefined }
  const last = attempts.at(-1)
  const answered = last?.answeredBy
  const status = answered === undefined ? "failed" : ending.status
  const reach =
    answered === undefined
      ? last?.failure === "busy" || last?.failure === "no_answer"
        ? "not_reached"
        : "failed"
      : answered === "human" || answered === "voicemail"
        ? answered
        : "answered"
  const because = status === ending.status && reach === ending.reach ? undefined : "Tern has few words"
  return { status, reach, because }
}

export const makeTernTwin = ({ apiKey = TWIN_KEY, seed = "tern", faults = [] }: TwinOptions = {}): Twin => {
  const dials = makeOrderBook<Details>(seed)
  const errorBody = (message: string): object => ({ error: message })
  const { invalid, show, reading, get, cancel } = makeOrderAnswers(dials, {
    errorBody,
    orderBody: (order, state) => ({ dial: dialRecord(order, state) })
  })

  const place = reading(readDial, ({ to, agent, ref }, { now, headers: { "tern-request-key": key } }) => {
    if (storyOf(to).placement === "refused") return invalid("to cannot be called")
    const known = dials
      .all()
      .findLast(({ details, placedAt }) => key !== undefined && details.key === key && now - placedAt < KEY_MILLIS)
    if (known !== undefined) return show(known, now, 202)
    return show(
      dials.place({
        to,
        reference: ref ?? undefined,
        placedAt: now,
        options: {},
        lines: undefined,
        details: { agent, ref: ref ?? null, key }
      }),
      now,
      202
    )
  })

  return makeTwin({
    name: "Tern",
    seed,
    faults,
    basePaths: ["", "/v2"],
    isAuthorized: (headers) => headers["x-tern-key"] === apiKey,
    errorBody,
    routes: [
      { operation: "place", method: "POST", path: "/dials", handle: place },
      { operation: "get", method: "GET", path: "/dials/{id}", handle: get },
      {
        operation: "list",
        method: "GET",
        path: "/dials",
        handle: ({ query, now }) => {
          const ref = query.get("ref")
          const found = dials
            .all()
            .filter(({ reference }) => ref === null || reference === ref)
            .toReversed()
          const after = query.get("after")
          const from = after === null ? 0 : found.findIndex(({ id }) => id === after) + 1
          const page = found.slice(from, from + PAGE)
          const next = from + PAGE < found.length ? (page.at(-1)?.id ?? null) : null
          return {
            status: 200,
            body: { dials: page.map((order) => dialRecord(order, dials.stateOf(order, now))), next }
          }
        }
      },
      {
        operation: "cancel",
        method: "POST",
        path: "/dials/{id}/abort",
        handle: (call) => {
          const answer = cancel(call)
          return answer.status < 300 ? { status: 204, body: undefined } : answer
        }
      },
      { operation: "check", method: "GET", path: "/whoami", handle: () => ({ status: 200, body: {} }) }
    ],
    orders: dials.all,
    clear: dials.clear,
    endingOf
  })
}
