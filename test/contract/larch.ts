/**
 * An invented provider with what real ones have and ours do not: its id is `callId`, which also tells its calls; legs take
 * what stands in their call; words stand in nested objects; elements of lists are sources of their own; whether somebody
 * answered is a word, without a time; and no caller's number is shown or taken.
 */
import {
  type AnsweredByValue,
  type AttemptFact,
  type AttemptStatus,
  type CallHint,
  type Capabilities,
  type CapabilitySources,
  type Disconnect,
  type FailureKind,
  type FieldSource,
  type JsonObject,
  type LocateAttempts,
  type OrderFact,
  type OrderStatus,
  type Outcome,
  type PathStep,
  type Role,
  type Transcript,
  type Turn,
  type Unreadable,
  Count,
  Dictionary,
  Id,
  IssueLog,
  List,
  ProviderId,
  Text,
  Time,
  evidenceText,
  given,
  isJsonObject,
  latest,
  makeReader,
  meaningOf,
  parseAttemptId,
  parseOrderId,
  readId,
  readInstant,
  readStatus,
  readValue,
  readWord,
  wordTable
} from "../../src/provider/index.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import * as Schema from "effect/Schema"

const Leg = Schema.Struct({
  legId: Id,
  callId: Id,
  progress: given(Schema.Struct({ phase: Text })),
  times: given(Schema.Struct({ started: Time, ended: Time })),
  seconds: Count,
  line: given(Schema.Struct({ connection: Text, cause: Text, heard: Text })),
  artifact: given(
    Schema.Struct({
      messages: List(Schema.Struct({ role: Text, text: Text })),
      recordings: List(Schema.Struct({ url: Text }))
    })
  )
})
type Leg = typeof Leg.Type

const Call = Schema.Struct({
  callId: Id,
  status: Text,
  endedReason: Text,
  createdAt: Time,
  updatedAt: Time,
  customer: given(Schema.Struct({ number: Text, externalId: Text })),
  assistants: List(Schema.Struct({ assistantId: Id, name: Text })),
  analysis: given(
    Schema.Struct({
      summary: Text,
      successEvaluation: Text,
      structuredData: Dictionary,
      remarks: List(Schema.String)
    })
  ),
  legs: List(Leg)
})

const Finished = Schema.Struct({
  type: Text,
  call: given(Schema.Struct({ callId: Id, status: Text })),
  timestamps: List(Schema.Unknown)
})

const orderStatusWords = wordTable<OrderStatus>({ queued: "queued", "in-progress": "in_progress", ended: "completed" })
const attemptStatusWords = wordTable<AttemptStatus>({ ringing: "dialing", talking: "in_progress", over: "ended" })
const connectionWords = wordTable<boolean>({ made: true, "not-made": false })
const heardWords = wordTable<AnsweredByValue>({ person: "human", machine: "voicemail" })
const causeWords = wordTable<FailureKind>({ busy: "busy", "did-not-answer": "no_answer" })
const endWords = wordTable<Disconnect>({
  "customer-ended-call": { reason: "remote_hangup" },
  "assistant-ended-call": { reason: "agent_hangup" }
})
const verdictWords = wordTable<Outcome>({ true: "interested", false: "not_interested" })
const roleWords = wordTable<Role>({ bot: "agent", user: "remote" })

/** Evidence stands under the place of its word, which is what the contract looks for. */
const evidenceWords = new Map<string, (word: string) => unknown>([
  ["line.connection", connectionWords],
  ["line.heard", heardWords],
  ["line.cause", causeWords],
  ["^.endedReason", endWords],
  ["analysis.successEvaluation", verdictWords]
])

const providerId = ProviderId.make("larch")

const readCall = makeReader(Call)
const readLeg = makeReader(Leg)
const readFinished = makeReader(Finished)

const missing = (key: string): Unreadable => ({
  kind: "unreadable",
  reason: "missing_id",
  path: [key],
  message: `expected ${key} to be a non-empty string`
})

const transcriptFrom = (artifact: Leg["artifact"], issues: IssueLog): Transcript | undefined => {
  const messages = artifact?.messages
  if (messages === undefined || messages === null) return undefined
  return {
    turns: messages.flatMap((message, index): ReadonlyArray<Turn> => {
      if (message === null || message === undefined) return []
      const word = readWord(message.role, roleWords, `artifact.messages[${index}].role`, issues)
      return [{ role: meaningOf(word, roleWords) ?? "unrecognized", text: message.text ?? "" }]
    })
  }
}

/** A leg in its call, or, with the call's id in it, as an item of the list of legs. */
const legFrom = (
  leg: Leg,
  path: ReadonlyArray<PathStep>,
  issues: IssueLog,
  above: {
    readonly orderId: string | undefined
    readonly to?: string | undefined
    readonly end?: string | undefined
    readonly analysis?: JsonObject | undefined
  }
): AttemptFact | undefined => {
  const id = parseAttemptId(leg.legId)
  if (id === undefined) return undefined
  const dialedAt = readInstant(leg.times?.started, "times.started", issues)
  const endedAt = readInstant(leg.times?.ended, "times.ended", issues)
  const connection = readWord(leg.line?.connection, connectionWords, "line.connection", issues)
  const answered = meaningOf(connection, connectionWords)
  return {
    kind: "attempt",
    provider: providerId,
    id,
    asOf: latest(dialedAt, endedAt),
    claims: {
      status: readStatus(leg.progress?.phase, attemptStatusWords, "progress.phase", endedAt !== undefined, issues),
      orderId: parseOrderId(above.orderId),
      path,
      to: above.to,
      dialedAt,
      endedAt,
      answered: typeof answered === "boolean" ? answered : undefined,
      durationSeconds: readValue(leg.seconds),
      transcript: transcriptFrom(leg.artifact, issues),
      recordingUrl: readValue(leg.artifact?.recordings?.[0]?.url),
      extracted: above.analysis
    },
    evidence: {
      "line.connection": connection,
      "line.heard": readWord(leg.line?.heard, heardWords, "line.heard", issues),
      "line.cause": readWord(leg.line?.cause, causeWords, "line.cause", issues),
      "^.endedReason": above.end
    },
    issues: []
  }
}

const orderFrom = (native: JsonObject): OrderFact | Unreadable => {
  const { body, issues: misfits } = readCall(native)
  const id = parseOrderId(body.callId)
  if (id === undefined) return missing("callId")
  const issues = new IssueLog(misfits)
  const end = readWord(body.endedReason, endWords, "endedReason", issues)
  const updatedAt = readInstant(body.updatedAt, "updatedAt", issues)
  const to = readValue(body.customer?.number)
  const analysis = isJsonObject(native["analysis"]) ? native["analysis"] : undefined
  const attempts = (body.legs ?? []).flatMap((leg, index) => {
    if (leg === null || leg === undefined) return []
    const fact = legFrom(leg, ["legs", index], issues.within(["legs", index]), { orderId: id, to, end, analysis })
    return fact === undefined ? [] : [{ ...fact, asOf: updatedAt ?? fact.asOf }]
  })
  const assistant = body.assistants?.[0]
  return {
    kind: "order",
    provider: providerId,
    id,
    asOf: updatedAt,
    claims: {
      status: readStatus(body.status, orderStatusWords, "status", false, issues),
      to,
      agentId: readId(assistant?.assistantId),
      agentName: readValue(assistant?.name),
      createdAt: readInstant(body.createdAt, "createdAt", issues),
      updatedAt,
      outcomeReason: readValue(body.analysis?.remarks?.at(-1)),
      summary: readValue(body.analysis?.summary),
      metadata: readValue(body.analysis?.structuredData)
    },
    evidence: {
      "analysis.successEvaluation": readWord(
        body.analysis?.successEvaluation,
        verdictWords,
        "analysis.successEvaluation",
        issues
      ),
      "customer.externalId": readValue(body.customer?.externalId)
    },
    attempts,
    native,
    issues: issues.all()
  }
}

const listedLegFrom = (native: JsonObject): AttemptFact | Unreadable => {
  const { body, issues: misfits } = readLeg(native)
  const issues = new IssueLog(misfits)
  const fact = legFrom(body, [], issues, { orderId: readId(body.callId) })
  return fact === undefined ? missing("legId") : { ...fact, native, issues: issues.all() }
}

const hintFrom = (native: JsonObject): CallHint => {
  const { body, issues: misfits } = readFinished(native)
  const issues = new IssueLog(misfits)
  const orderId = parseOrderId(body.call?.callId)
  const endedAt = readInstant(body.timestamps?.at(-1), `timestamps[${(body.timestamps?.length ?? 0) - 1}]`, issues)
  return {
    kind: "call_hint",
    provider: providerId,
    event: "post_call",
    ...(orderId === undefined ? {} : { orderId }),
    ...(typeof body.call?.status === "string" ? { providerStatus: body.call.status } : {}),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(issues.all().length === 0 ? {} : { issues: issues.all() }),
    native
  }
}

const orderSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ["callId"], rule: "opaque id, as text" },
  { field: "direction", paths: [], rule: "Larch only calls out" },
  { field: "channel", paths: [], rule: "Larch calls are telephone calls" },
  { field: "to", paths: ["customer.number"], rule: "as given" },
  { field: "status", paths: ["status"], rule: "table of statuses" },
  { field: "providerStatus", paths: ["status"], rule: "the provider's own word" },
  { field: "agent.id", paths: ["assistants[0].assistantId"], rule: "the assistant that begins" },
  { field: "agent.name", paths: ["assistants[0].name"], rule: "the assistant that begins" },
  { field: "reference", paths: ["customer.externalId"], rule: "the caller's own key" },
  { field: "createdAt", paths: ["createdAt"], rule: "instant" },
  { field: "updatedAt", paths: ["updatedAt"], rule: "instant" },
  { field: "outcome", paths: ["analysis.successEvaluation"], rule: "table of verdicts" },
  { field: "outcomeReason", paths: ["analysis.remarks[-1]"], rule: "the last remark" },
  { field: "summary", paths: ["analysis.summary"], rule: "as given" },
  { field: "metadata", paths: ["analysis.structuredData"], rule: "as given" }
]

const attemptSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ["legId"], rule: "opaque id, as text" },
  { field: "orderId", paths: ["^.callId", "callId"], rule: "the call that holds the leg, or that it names" },
  { field: "status", paths: ["progress.phase"], rule: "table of phases" },
  { field: "to", paths: ["^.customer.number"], rule: "the number that the call is to" },
  { field: "dialedAt", paths: ["times.started"], rule: "instant" },
  { field: "endedAt", paths: ["times.ended"], rule: "instant" },
  { field: "answered", paths: ["line.connection"], rule: "table of connections" },
  { field: "answeredBy", paths: ["line.heard"], rule: "table of what was heard" },
  { field: "failure", paths: ["line.cause"], rule: "table of causes" },
  { field: "disconnect", paths: ["^.endedReason"], rule: "table of reasons, for a leg that was connected" },
  { field: "talkSeconds", paths: ["seconds"], rule: "the provider's own figure" },
  { field: "transcript", paths: ["artifact.messages"], rule: "turns with roles by table" },
  { field: "recordingUrl", paths: ["artifact.recordings[0].url"], rule: "the first recording" },
  { field: "extracted", paths: ["^.analysis"], rule: "verbatim, of the call that holds the leg" }
]

const hintSources: ReadonlyArray<FieldSource> = [
  { field: "event", paths: [], rule: "the message comes when a call is over" },
  { field: "orderId", paths: ["call.callId"], rule: "opaque id, as text" },
  { field: "providerStatus", paths: ["call.status"], rule: "the provider's own word" },
  { field: "endedAt", paths: ["timestamps[-1]"], rule: "instant: the last of the times" }
]

const locateAttempts: LocateAttempts = ({ legs }) => {
  const list: ReadonlyArray<unknown> = Array.isArray(legs) ? legs : []
  return new Map(
    list.flatMap((leg, index): ReadonlyArray<[string, ReadonlyArray<PathStep>]> => {
      const id = typeof leg === "object" && leg !== null && "legId" in leg ? parseAttemptId(leg.legId) : undefined
      return id === undefined ? [] : [[id, ["legs", index]]]
    })
  )
}

const capabilities: Capabilities = {
  retries: "yes",
  schedule: "no",
  inlineAgent: "no",
  metadata: "yes",
  variables: "no",
  concurrency: "no",
  callerNumber: "none",
  cancel: "no",
  batchRead: 0,
  list: "documented",
  listItems: "either",
  listFilters: [],
  referenceIn: "field",
  listTells: { reference: "yes", evidence: "https://larch.example/docs/list" },
  webhook: "unsigned",
  preCallWebhook: "no",
  answeredBy: "stated",
  outcome: "yes",
  extraction: "yes",
  summary: "yes",
  transcript: "yes",
  recording: "yes",
  idempotency: "no",
  webCalls: "no"
}

const ORDERS = "https://larch.example/docs/orders"

const capabilitySources: CapabilitySources = {
  retries: ORDERS,
  schedule: ORDERS,
  inlineAgent: ORDERS,
  metadata: ORDERS,
  variables: ORDERS,
  concurrency: ORDERS,
  callerNumber: ORDERS,
  cancel: ORDERS,
  batchRead: ORDERS,
  list: ORDERS,
  listItems: ORDERS,
  listFilters: ORDERS,
  referenceIn: ORDERS,
  webhook: ORDERS,
  preCallWebhook: ORDERS,
  webhookAddresses: ORDERS,
  answeredBy: ORDERS,
  outcome: ORDERS,
  extraction: ORDERS,
  summary: ORDERS,
  transcript: ORDERS,
  recording: ORDERS,
  webCalls: ORDERS
}

const has = (body: JsonObject, ...keys: ReadonlyArray<string>): boolean => keys.every((key) => Object.hasOwn(body, key))

const own = { certainty: "stated", basis: "own_word" } as const

export const larch: Adapter<"larch"> = {
  id: "larch",
  providerId,
  title: "Larch",
  capabilities,
  capabilitySources,
  evidence: {
    human: { ...own, from: "`line.heard` = `person`" },
    voicemail: { ...own, from: "`line.heard` = `machine`" },
    busy: { ...own, from: "`line.cause` = `busy`" },
    no_answer: { ...own, from: "`line.cause` = `did-not-answer`" },
    outcome: { ...own, from: "`analysis.successEvaluation`" },
    transcript: { ...own, from: "`artifact.messages`" },
    recording: { ...own, from: "`artifact.recordings`" }
  },
  shapes: [
    { name: "call", signs: "callId and legs", matches: (body) => has(body, "callId", "legs"), read: orderFrom },
    { name: "leg", signs: "legId and line", matches: (body) => has(body, "legId", "line"), read: listedLegFrom },
    { name: "message", signs: "type and call", matches: (body) => has(body, "type", "call"), read: hintFrom }
  ],
  envelopes: { results: { holds: "list" }, message: { holds: "one" } },
  roleWords,
  interpretation: {
    terms: { dialedAt: "times.started", answeredAt: "times.answered", endedAt: "times.ended", duration: "seconds" },
    order: ({ evidence }) => ({
      direction: "outbound",
      channel: "phone",
      outcome: meaningOf(evidence["analysis.successEvaluation"], verdictWords),
      reference: typeof evidence["customer.externalId"] === "string" ? evidence["customer.externalId"] : undefined
    }),
    attempt: ({ claims, evidence }) => {
      const connection = evidence["line.connection"]
      const heard = evidence["line.heard"]
      const kind = meaningOf(evidence["line.cause"], causeWords)
      const end = meaningOf(evidence["^.endedReason"], endWords)
      return {
        answeredBecause: typeof connection === "string" ? evidenceText("line.connection", connection) : undefined,
        answeredBy:
          typeof heard === "string"
            ? {
                value: heardWords(heard) ?? "unrecognized",
                certainty: "stated",
                because: evidenceText("line.heard", heard)
              }
            : undefined,
        failure: kind === undefined ? undefined : { kind },
        failureVerdict:
          kind === undefined
            ? undefined
            : {
                value: kind,
                certainty: kind === "unrecognized" ? "inferred" : "stated",
                because: evidenceText("line.cause", String(evidence["line.cause"]))
              },
        disconnect:
          claims.answered !== true || end === undefined
            ? undefined
            : end === "unrecognized"
              ? { reason: "unrecognized" }
              : end
      }
    },
    recognizes: (field, word) =>
      typeof word === "boolean" ||
      evidenceWords.get(field) === undefined ||
      evidenceWords.get(field)?.(word) !== undefined
  },
  sources: { order: orderSources, attempt: attemptSources, hint: hintSources, locateAttempts }
}
