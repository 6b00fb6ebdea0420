/** `unicall/promise` on Node, which the package's exports choose there: the same with a transport of Node's own modules. */
import "../src/supportedNode.ts"
import { layerDefaultHttp } from "../src/node/defaultHttp.ts"
import { makeOpenCalls, type SettingsOf } from "../src/promise/opening.ts"
import { declared } from "./providers.ts"

export * from "./promise.ts"

/** See `openCalls` of `promise.ts`. */
export const openCalls = makeOpenCalls<SettingsOf<typeof declared>>(declared, layerDefaultHttp)
