/**
 * A simulation of programs with live calls: scheduling, time, chance and the network come out of a seed. The same seed
 * and the same program give the same history. Processes share a journal, run on machines of their own, and die at any
 * operation; twins answer, with faults.
 */
export { type Draws, makeDraws } from "./draws.ts"
export { type JournalFault, type JournalOnOptions, makeJournalOn } from "./journal.ts"
export {
  type Death,
  type Died,
  type Machine,
  type MachineOptions,
  makeMachine,
  type OperationKind,
  type Running
} from "./machine.ts"
export { makeNetwork, type NetworkOptions, type Sent } from "./network.ts"
export { Livelock, makeWorld, type Task, type Timer, type World } from "./world.ts"
