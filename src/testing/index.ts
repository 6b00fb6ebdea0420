/** For tests of adapters: what every adapter must obey, whoever writes it and wherever it lives. */
export { adapterContract, type ContractCase, type ContractFixture, type ContractOptions } from "./contract.ts"
export * from "./twin/index.ts"
