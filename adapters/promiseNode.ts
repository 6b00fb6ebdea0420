/** `unicall/promise` on Node, which the package's exports choose there: the same with a transport of Node's own modules. */
import "../src/supportedNode.ts"
import { layerDefaultHttp } from "../src/node/defaultHttp.ts"
import { makeOpenCallsWith } from "../src/promise/openCalls.ts"
import { declared } from "./providers.ts"

export * from "./promise.ts"

/** See `makeOpenCalls` of `promise.ts`. */
export const makeOpenCalls = makeOpenCallsWith(layerDefaultHttp)

/** See `openCalls` of `promise.ts`. */
export const openCalls = makeOpenCalls(declared)
