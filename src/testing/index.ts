/** For tests: what every adapter and every journal must obey, whoever writes it and wherever it lives, and a provider in memory. */
export { adapterContract, type ContractCase, type ContractFixture, type ContractOptions } from "./contract.ts"
export {
  type InMemoryProvider,
  type InMemoryProviderOptions,
  makeInMemoryProvider,
  type MemoryFailure,
  type MemoryList,
  type MemoryOperation,
  type MemoryPlacement
} from "./InMemoryProvider.ts"
export { type JournalCase, journalContract, type JournalContractOptions } from "./journalContract.ts"
export { type LiveCase, liveContract, type LiveSite, type LiveSubject } from "./liveContract.ts"
export * from "./simulation/index.ts"
export { twinSubject, type TwinSubjectOptions } from "./twinSubject.ts"
export * from "../twin/index.ts"
