/**
 * Imported first by every entry point: an older Node gets a sentence here, and not later, in the middle of a call, a
 * TypeError about a function that it lacks.
 */
import { unsupportedNode } from "./nodeVersion.ts"

const problem = unsupportedNode(Reflect.get(globalThis, "process"))
if (problem !== undefined) throw new Error(problem)
