/** Where each field of a record stands in a Tern body, and by which rule it is read. */
import { type FieldSource, INSTANT_RULE } from "../../../src/provider/index.ts"

export const orderSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ["uid"], rule: "opaque id, as text" },
  { field: "direction", paths: [], rule: "Tern only calls out" },
  { field: "channel", paths: [], rule: "Tern calls are telephone calls" },
  { field: "to", paths: ["party.number"], rule: "as given" },
  { field: "agent.id", paths: ["agent"], rule: "as given" },
  { field: "reference", paths: ["ref"], rule: "the caller's own key" },
  { field: "createdAt", paths: ["created"], rule: INSTANT_RULE },
  { field: "status", paths: ["phase"], rule: "table of phases" },
  { field: "providerStatus", paths: ["phase"], rule: "the provider's own word" },
  { field: "outcome", paths: ["verdict.goal_met"], rule: "true: completed; false: none" },
  { field: "outcomeReason", paths: ["verdict.note"], rule: "as given" },
  { field: "endedAt", paths: ["over"], rule: INSTANT_RULE },
  {
    field: "goal",
    paths: ["verdict.task", "verdict.sure", "verdict.reasons"],
    rule: "table of tasks; other text is unknown"
  },
  {
    field: "cost",
    paths: ["charge.total", "charge.money", "charge.unit", "charge.items"],
    rule: "amounts as decimal text"
  }
]

export const attemptSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ["n"], rule: "the dial's uid and the leg's number" },
  { field: "orderId", paths: ["^.uid"], rule: "the dial's uid" },
  {
    field: "status",
    paths: ["ended", "picked_up", "started"],
    rule: "by its times: ended (failed if it was not picked up), in progress, dialing"
  },
  { field: "to", paths: ["^.party.number"], rule: "the number called" },
  { field: "dialedAt", paths: ["started"], rule: INSTANT_RULE },
  { field: "answeredAt", paths: ["picked_up"], rule: INSTANT_RULE },
  { field: "endedAt", paths: ["ended"], rule: INSTANT_RULE },
  { field: "answered", paths: ["picked_up"], rule: "true if given; false if the leg is over and it is null" },
  { field: "answeredBy", paths: ["who"], rule: "table of who" },
  { field: "failure", paths: ["why"], rule: "table of why" },
  { field: "disconnect", paths: ["bye"], rule: "table of byes" },
  { field: "carrierCallId", paths: ["sid"], rule: "as given" },
  {
    field: "transfer",
    paths: ["handover.state", "handover.number", "handover.began"],
    rule: "table of states; nothing without a known one"
  },
  { field: "timing", paths: ["pace"], rule: "figures as given, and over the answers" },
  { field: "transcript", paths: ["lines"], rule: "turns" },
  { field: "recordingUrl", paths: ["^.audio[0].url"], rule: "of the last leg that was picked up" }
]
