/** The journals that histories are played over. */
import { type Play, playInMemory } from "./simulate.ts"

export const playOver = (_journal: "memory" | "sqlite"): Play => playInMemory
