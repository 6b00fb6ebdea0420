/** For tests without telephones: every provider's twin, one line each, and what goes with them. */
import "../src/supportedNode.ts"
export { makeRevoxTwin, type RevoxTwinOptions } from "./revox/Twin.ts"
export { makeRevRingTwin, type RevRingTwinOptions } from "./revring/Twin.ts"
export { makeVapiTwin, type VapiTwinOptions } from "./vapi/Twin.ts"
export * from "../src/testing/index.ts"
