import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    // Left to itself vitest keeps one core for its main thread, which is idle: on two cores everything would wait for one.
    maxWorkers: availableParallelism()
  }
})
