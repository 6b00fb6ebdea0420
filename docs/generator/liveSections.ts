/** The generated parts of the pages on live calls. */
import { providers } from "../../adapters/index.ts"
import { makeRevoxTwin, makeRevRingTwin, makeVapiTwin, stories, type Twin } from "../../adapters/testing.ts"
import type { Evidence } from "../../src/calls/PlacementJournal.ts"
import { CallErrorReason } from "../../src/provider/CallError.ts"
import type { CapabilitySource } from "../../src/provider/Capabilities.ts"
import { partsOf } from "../../src/provider/capabilitySources.ts"
import { reasonNameOf, REFUSALS, STATUS_REASONS } from "../../src/provider/http/reason.ts"
import { code, table } from "./markdown.ts"

type Section = () => string
type ReasonName = CallErrorReason["_tag"]

/** Whether trying again may help, what it means and what to do. */
const reasonNotes: { readonly [Name in ReasonName]: readonly [again: boolean, meaning: string, remedy: string] } = {
  Unauthorized: [
    false,
    "The API key is wrong or missing.",
    "Check the key; `unicall doctor` tells which variable it came from."
  ],
  Forbidden: [
    false,
    "The key is right, and it or the account may not do this: no permission, or no credit.",
    "Look at the account: rights, credit."
  ],
  NotFound: [
    false,
    "No such call (`call` names it), agent or endpoint.",
    "Check the id; a Revox attempt id is no order id. Was the call placed with another key or base URL, or deleted?"
  ],
  InvalidRequest: [
    false,
    "A field that is not as it must be (`field`, `expected`), found before any request; or the provider refused what was asked.",
    "Correct the field; for a refusal read the provider's answer in `body`."
  ],
  AtCapacity: [
    true,
    "Every line is taken, and waiting for one was not wanted (RevRing `skipQueue`).",
    "Place it later."
  ],
  RateLimited: [true, "Too many requests.", "Wait `retryAfter` seconds; set `rateLimit` or `maxConcurrency`."],
  ProviderUnavailable: [true, "The provider has a fault of its own (5xx).", "Try later."],
  NetworkError: [
    true,
    'No answer came. `sent: "no"` where the request certainly never left.',
    "Check the network and the base URL."
  ],
  TimedOut: [true, "No answer within the time given to it.", "Try later, or allow more time in `timeouts`."],
  UnreadableResponse: [
    false,
    "An answer of success that is not what was asked for: no JSON, no record, a redirection.",
    "Check the base URL: a proxy or a login page may be answering."
  ],
  Unsupported: [
    false,
    "The provider cannot do this at all; found before any request.",
    "Leave `field` out, or take another provider."
  ],
  PlacementUncertain: [
    false,
    "Whether the provider took the order is not known. `place` returns this as the state `uncertain`, not as an error; only an adapter used on its own fails with it.",
    "`reconcile`; never place again by hand before it is settled."
  ],
  ReferenceHeld: [
    false,
    'Another order holds the reference, and nothing was sent. `by`: `number` (an order to another number), `account` (placed with another key or base URL), `provider` (placed with a provider that is not opened here), `unclaimed` (from before there were tenants), `content` (another agent or other variables, with `onDifference: "fail"`), `compacted` (the same, where the journal no longer knows what it was).',
    "Take a reference of its own; after a change of key say `sameAccount`; where several share a journal, name the `tenant`."
  ],
  AbsentWasWrong: [
    false,
    "An order that a policy had called absent exists after all (`call`); `placedAgain`: its reference had been placed again, and somebody may have been rung twice. It is written down as accepted, and the policy is stopped for its provider.",
    "Look at both calls; find out why the list had not held it before you confirm the policy anew."
  ],
  Unresolved: [
    true,
    "The deadline passed before the call was over. `last` holds the latest record.",
    "Wait again: the call goes on."
  ],
  Incomplete: [
    false,
    "A list, of calls or of agents and numbers, may lack entries; what was delivered before is right.",
    "Narrow the filter, or take what there is."
  ],
  ChangesForgotten: [
    false,
    "The change that was asked for (`asked`) is not kept any more: the oldest that is kept is `next`. Or, where `next` is earlier, the feed is another one than was read before, or an older copy.",
    'Look at the calls themselves for what was missed, and go on with `onForgotten: "skip"`.'
  ]
}

const reasonNames = (): ReadonlyArray<ReasonName> =>
  CallErrorReason.members.map((member) => member.fields._tag.schema.literal)

const reasons: Section = () =>
  table(
    ["Reason", "Try again", "Meaning", "What to do"],
    reasonNames().map((name) => {
      const [again, meaning, remedy] = reasonNotes[name]
      return [code(name), again ? "may help" : "no", meaning, remedy]
    })
  )

const statuses: Section = () =>
  table(
    ["Status", "Reason", "After placing"],
    [
      ...[...new Set([...Object.keys(STATUS_REASONS).map(Number), ...REFUSALS, 409])].toSorted((a, b) => a - b),
      "other 4xx" as const,
      "5xx" as const,
      "3xx" as const
    ].map((status) => {
      const example = status === "other 4xx" ? 418 : status === "5xx" ? 500 : status === "3xx" ? 307 : status
      return [
        code(status),
        code(reasonNameOf(example, "get", {})),
        REFUSALS.has(example) ? "refused: nothing was placed" : "uncertain"
      ]
    })
  )

const twins: ReadonlyMap<string, Twin> = new Map([
  ["revox", makeRevoxTwin()],
  ["revring", makeRevRingTwin()],
  ["vapi", makeVapiTwin()]
])

const endingText = (id: string, story: (typeof stories)[number]): string => {
  const ending = twins.get(id)?.endingOf(story)
  return ending === undefined ? "nothing is placed" : `${ending.status}, ${ending.reach}`
}

const storyTable: Section = () =>
  table(
    ["Digits", "Story", ...providers.adapters.map(({ title }) => title)],
    stories.map((story) => [
      code(story.digits),
      `**${story.name}**: ${story.about}`,
      ...providers.ids.map((id) => endingText(id, story))
    ])
  )

/** What each grade of evidence says, of whether there is an order, and what it rests on. */
const evidenceNotes: { readonly [Grade in Evidence]: readonly [says: string, restsOn: string] } = {
  id_read: ["there is", "It was read by its id."],
  reference_seen: ["there is", "A list, or a record that somebody read, told its reference."],
  webhook: ["there is", "A webhook named it, and it was read by its id."],
  not_listed: ["perhaps there is none", "A whole list of orders that tells references does not hold it."],
  refused: [
    "there is none",
    "The provider refused it, or it was not sent. Kept only where an earlier order of the reference had been called absent."
  ],
  given_up: [
    "somebody says so",
    "A person gave it up. Kept only where an earlier one had been called absent, or is doubted."
  ],
  sent_again: [
    "nothing",
    "The identical request was sent again within an idempotency window, and nothing came of that either."
  ],
  unknown: [
    "nothing",
    "What was looked at cannot tell: no list, none that tells references, one that may not be whole, clocks in doubt."
  ]
}

const evidenceTable: Section = () =>
  table(
    ["Evidence", "Says", "Rests on"],
    Object.entries(evidenceNotes).map(([grade, [says, restsOn]]) => [code(grade), says, restsOn])
  )

const ABSENCE = {
  yes: ["`not_listed`", "can be chosen"],
  unknown: ["`not_listed`, if `unicall doctor --list` shows it", "can be chosen, by somebody who has seen that"],
  no: ["`unknown`: a person decides", "refused when the calls are opened"]
} as const

const evidenceText = (evidence: CapabilitySource): string => {
  const { page, note } = partsOf(evidence)
  return [page === undefined ? "not documented" : `<${page}>`, note].filter((part) => part !== undefined).join(": ")
}

const absenceTable: Section = () =>
  table(
    ["Provider", "What its list tells of references", "Best evidence of absence", "The policy `listed`"],
    providers.adapters.map(({ title, capabilities: { listTells } }) => [
      title,
      `${listTells.reference}: ${evidenceText(listTells.evidence)}${listTells.keptDays === undefined ? "" : `; calls stay in it for ${listTells.keptDays} days`}`,
      ...ABSENCE[listTells.reference]
    ])
  )

export const liveSections: ReadonlyArray<readonly [string, Section]> = [
  ["call-error-reasons", reasons],
  ["status-reasons", statuses],
  ["stories", storyTable],
  ["order-evidence", evidenceTable],
  ["absence", absenceTable]
]
