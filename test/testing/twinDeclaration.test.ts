/** A twin as its provider declares it: words are read by its flags, and none is passed over. */
import { expect, it } from "vitest"
import { declared } from "../../adapters/providers.ts"
import type { ProviderDeclaration } from "../../src/provider/ProviderDeclaration.ts"

it.each(Object.values<ProviderDeclaration>(declared).map(({ id, twin }) => [id, twin] as const))(
  "the twin of %s takes its words and no others",
  async (_, { flags, demo, make }) => {
    expect((await make({}, demo)).name).not.toBe("")
    for (const [name, { words, most = 0 }] of Object.entries(flags)) {
      for (const word of words ?? ["1", String(most)]) await make({}, { [name]: word })
      for (const word of ["never", String(most + 1), "-1", "1.5", "__proto__"]) {
        if (words?.includes(word) === true) continue
        await expect(make({}, { [name]: word })).rejects.toThrow(`${name}: expected ${words?.join(", ") ?? "a number"}`)
      }
    }
    await expect(make({}, { noSuchFlag: "1" })).rejects.toThrow("got noSuchFlag")
  }
)
