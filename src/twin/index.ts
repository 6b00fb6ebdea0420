/** What the twins of providers are made of, and what carries them. `server.ts` needs Node, and nothing else does. */
export { Fault, FAULT_KINDS, FaultRule, FaultRules, FaultTarget, GARBLE_FORMS, TwinOperation } from "./fault.ts"
export { faultRules, FaultTextError, parseFaults } from "./faultText.ts"
export { layerTwins, type TwinAt, twinHttpClient } from "./inProcess.ts"
export {
  freeFrom,
  makeOrderBook,
  type NewOrder,
  type OrderBook,
  type PlacedOrder,
  type SharedLines
} from "./orderBook.ts"
export type { Answer, TransportFault } from "./reply.ts"
export { AtLeastOne, bodyReader, E164, millisecondsOf, optional, TextMap, Time, wholeNumber } from "./requestBody.ts"
export { drawFrom, uuidFrom } from "./seeded.ts"
export { listen, type ListenOptions, type TwinServer } from "./server.ts"
export { type Ending, FOREVER, isAnswered, type Story, type StoryAttempt } from "./story.ts"
export { stories, storyOf } from "./stories.ts"
export {
  type AttemptState,
  isoOf,
  occupancy,
  type OrderState,
  type Phase,
  settledAt,
  stateAt,
  type TimelineOptions
} from "./timeline.ts"
export {
  LARGEST_BODY,
  type LoggedRequest,
  makeTwin,
  type Route,
  type RouteCall,
  type Twin,
  type TwinDefinition,
  type TwinEnding,
  type TwinOrder,
  type TwinReply,
  type TwinRequest
} from "./twin.ts"
