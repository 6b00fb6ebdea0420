/** `unicall/promise` on Node, which the package's exports choose there: the same with a transport of Node's own modules. */
import "../src/supportedNode.ts"
import { layerDefaultHttp } from "../src/node/defaultHttp.ts"
import { makeOpenCalls } from "../src/promise/opening.ts"
import { connectors, type Providers } from "./promiseConnectors.ts"

export * from "./promise.ts"

/** See `openCalls` of `promise.ts`. */
export const openCalls = makeOpenCalls<Providers>(connectors, layerDefaultHttp)
