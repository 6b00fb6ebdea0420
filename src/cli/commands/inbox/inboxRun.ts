/** `unicall inbox list`, `show`, `replay` and `drop`, on an inbox that is there: nothing is made where somebody has mistyped a name. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { nowInstant } from "../../../calls/currentInstant.ts"
import type { CallKey, JournalError } from "../../../calls/PlacementJournal.ts"
import { formatCallRef, parseCallRef } from "../../../provider/CallError.ts"
import { type InboxEntry, type UnreadableEntry, WebhookInbox } from "../../../webhooks/WebhookInbox.ts"
import { failureLine } from "../../calls/callFailures.ts"
import { inboxPlace, tenantNamed } from "../../calls/environment.ts"
import { inboxAt } from "../../calls/inbox.ts"
import { permission } from "../../calls/permission.ts"
import { EXIT } from "../../ExitCode.ts"
import { CallsFailed, inputFailure, usage } from "../../shell/failures.ts"
import { aligned, jsonLine, plainText, plural, print, tell } from "../../shell/terminal.ts"
import type { DropFlags, ListFlags, ReplayFlags, ShowFlags, WhereFlags } from "./inboxCommand.ts"

const failed = (error: JournalError) => {
  tell(`${failureLine(error)}\n`)
  return Effect.fail(new CallsFailed({ exitCode: EXIT.setup }))
}

const using = Effect.fnUntraced(function* (
  flags: WhereFlags,
  use: (inbox: WebhookInbox["Service"], tenant: string) => Effect.Effect<void, JournalError | CallsFailed>
) {
  const tenant = (yield* tenantNamed(flags.tenant)) ?? ""
  const { title, isMissing, layer } = inboxAt(yield* inboxPlace(flags.inbox))
  if (isMissing()) return yield* inputFailure(`${title}: no such file or folder`)
  return yield* Effect.gen(function* () {
    const context = yield* Layer.build(layer)
    const inbox = yield* WebhookInbox.pipe(Effect.provideContext(context))
    return yield* use(inbox, tenant)
  }).pipe(Effect.scoped, Effect.catchTag("JournalError", failed))
})

type Entry = InboxEntry | UnreadableEntry

const nameOf = ({ provider, orderId }: Entry): string => plainText(`${provider}:${orderId}`)

const HEADER = ["CALL", "STATE", "SINCE", "DUE", "TRIES", "PROBLEM"]

const rowOf = (entry: Entry): ReadonlyArray<string> =>
  entry.state === "unreadable"
    ? [nameOf(entry), entry.state, "", "", "", `column ${plainText(entry.problem)}`]
    : [nameOf(entry), entry.state, entry.since, entry.dueAt, String(entry.tries), entry.problem ?? ""]

/** As it is, but for the digests of its messages, of which only their number says anything. */
const jsonOf = (entry: Entry): object => {
  const { tenant: _, ...shown } = entry
  return "messages" in shown ? { ...shown, messages: shown.messages.length } : shown
}

const shownAs = (entries: ReadonlyArray<Entry>, json: boolean): void => {
  if (json) for (const entry of entries) print(jsonLine(jsonOf(entry)))
  else if (entries.length > 0) print(aligned([HEADER, ...entries.map(rowOf)]))
}

type Key = Omit<CallKey, "tenant">

/** Each call once. Invalid text is not quoted. */
const keysOf = Effect.fnUntraced(function* (texts: ReadonlyArray<string>) {
  const keys = new Map<string, Key>()
  for (const [index, written] of texts.entries()) {
    const ref = parseCallRef(written.trim())
    if (ref === undefined) return yield* usage(`call ${index + 1}: expected PROVIDER:ID`)
    keys.set(formatCallRef(ref), { provider: ref.provider, orderId: ref.id })
  }
  return keys
})

const missing = (names: ReadonlyArray<string>) => {
  if (names.length === 0) return Effect.void
  for (const name of names) tell(`${plainText(name)}: not in the inbox, or being read just now\n`)
  return Effect.fail(new CallsFailed({ exitCode: EXIT.rejected }))
}

export const runList = Effect.fn("unicall.inbox.list")((flags: ListFlags) =>
  using(flags, (inbox, tenant) => {
    const { state, limit } = flags
    return Effect.map(inbox.list({ tenant, limit, ...(state === undefined ? {} : { state }) }), (entries) => {
      shownAs(entries, flags.json)
      if (!flags.json) tell(`${plural(entries.length, "call")}\n`)
    })
  })
)

export const runShow = Effect.fn("unicall.inbox.show")(function* (flags: ShowFlags) {
  const keys = yield* keysOf(flags.calls)
  return yield* using(
    flags,
    Effect.fnUntraced(function* (inbox, tenant) {
      const found: Array<Entry> = []
      const absent: Array<string> = []
      for (const [name, key] of keys) {
        const entry = yield* inbox.find({ tenant, ...key })
        if (entry === undefined) absent.push(name)
        else found.push(entry)
      }
      shownAs(found, flags.json)
      yield* missing(absent)
    })
  )
})

/** Does it to each, and tells those that it could not be done to. */
const each = Effect.fnUntraced(function* (
  keys: ReadonlyMap<string, Key>,
  change: (key: {
    provider: InboxEntry["provider"]
    orderId: InboxEntry["orderId"]
  }) => Effect.Effect<boolean, JournalError>,
  done: string
) {
  const absent: Array<string> = []
  for (const [name, key] of keys) {
    if (yield* change(key)) print(`${plainText(name)} ${done}\n`)
    else absent.push(name)
  }
  yield* missing(absent)
})

export const runReplay = Effect.fn("unicall.inbox.replay")(function* (flags: ReplayFlags) {
  const keys = yield* keysOf(flags.calls)
  return yield* using(
    flags,
    Effect.fnUntraced(function* (inbox, tenant) {
      const at = yield* nowInstant
      yield* each(keys, (key) => inbox.replay({ tenant, ...key }, at), "waits to be read")
    })
  )
})

export const runDrop = Effect.fn("unicall.inbox.drop")(function* (flags: DropFlags) {
  const keys = yield* keysOf(flags.calls)
  const what = `${plural(keys.size, "call")} would not be read for the messages that came; polls still find what became of a placement.`
  yield* permission({
    yes: flags.yes,
    question: `${what}\nDrop?`,
    refusal: `inbox drop: expected --yes. ${what}`
  })
  return yield* using(flags, (inbox, tenant) => each(keys, (key) => inbox.drop({ tenant, ...key }), "dropped"))
})
