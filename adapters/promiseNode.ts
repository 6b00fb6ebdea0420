/** `unicall/promise` on Node, which the package's exports choose there: the same with a transport of Node's own modules. */
import "../src/supportedNode.ts"
import { layerDefaultHttp } from "../src/node/defaultHttp.ts"
import { type Declared, type OpenCalls, openCallsOver, type SettingsOf } from "../src/promise/openCalls.ts"
import { declared } from "./providers.ts"

export * from "./promise.ts"

/** See `openCalls` of `promise.ts`. */
export const openCalls = openCallsOver<SettingsOf<typeof declared>>(declared, layerDefaultHttp)

/** See `makeOpenCalls` of `promise.ts`. */
export const makeOpenCalls = <const Declarations extends object>(
  declarations: Declarations & Declared<SettingsOf<Declarations>>
): OpenCalls<SettingsOf<Declarations>> => openCallsOver<SettingsOf<Declarations>>(declarations, layerDefaultHttp)
