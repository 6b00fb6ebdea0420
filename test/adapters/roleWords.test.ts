import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"

describe.each(providers.adapters.map((adapter) => [adapter.title, adapter] as const))(
  "role words of %s",
  (_, adapter) => {
    it.each([
      ["assistant", "agent"],
      ["agent", "agent"],
      ["ai", "agent"],
      ["bot", "agent"],
      ["user", "remote"],
      ["human", "remote"],
      ["customer", "remote"],
      ["caller", "remote"],
      ["callee", "remote"],
      ["tool", "tool"],
      ["function", "tool"],
      ["system", "system"],
      ["AI", "agent"],
      ["User", "remote"],
      ["voicemail", undefined],
      ["chairman", undefined],
      ["users", undefined],
      ["constructor", undefined]
    ])("reads %s as %s", (word, role) => {
      expect(adapter.roleWords?.(word)).toBe(role)
    })
  }
)
