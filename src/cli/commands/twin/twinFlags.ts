/** The flags of single twins, from the providers' declarations; twins that share a flag name share the flag. */
import * as Effect from "effect/Effect"
import * as Flag from "effect/cli/Flag"
import { expectedOf, type TwinDeclaration, type TwinFlag } from "../../../provider/ProviderDeclaration.ts"
import { callable } from "../../providers.ts"
import { usage } from "../../shell/failures.ts"
import { choice, optional, whole } from "../../shell/flags.ts"

/** Values by the name of the twin's option. */
interface OwnFlags {
  readonly [name: string]: string | undefined
}

const flagName = (option: string): string => option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const declaredFlags = callable.flatMap(({ title, twin }) =>
  Object.entries(twin.flags).map(([name, flag]) => ({ name, title, flag }))
)

/** The providers that have a flag, by its name. */
const having = Map.groupBy(declaredFlags, ({ name }) => name)

const flagOf = (
  name: string,
  each: ReadonlyArray<{ readonly title: string; readonly flag: TwinFlag }>
): Flag.Flag<string | undefined> => {
  const about = `${each.map(({ title }) => title).join(", ")}: ${each[0]?.flag.about ?? ""}`
  const words = [...new Set(each.flatMap(({ flag }) => flag.words ?? []))]
  if (words.length > 0) return choice(flagName(name), words, about)
  const most = Math.max(...each.map(({ flag }) => flag.most ?? 1))
  return whole(flagName(name), about, 1, most).pipe(Flag.map(String), optional)
}

/** For the command: a flag by the name of each option. */
export const ownFlags: { readonly [name: string]: Flag.Flag<string | undefined> } = Object.fromEntries(
  [...having].map(([name, each]) => [name, flagOf(name, each)])
)

/** The values for this twin; fails on a value that only another twin takes. */
export const ownWords = Effect.fnUntraced(function* ({ flags }: TwinDeclaration, given: OwnFlags) {
  const words: { [name: string]: string } = {}
  for (const [name, flag] of Object.entries(flags)) {
    const word = given[name]
    if (word === undefined) continue
    if (flag.read(word) === undefined) return yield* usage(`--${flagName(name)}: expected ${expectedOf(flag)}`)
    words[name] = word
  }
  return words
})

/** Fails on a flag that none of these twins has: it would have no effect. */
export const refuseIdle = Effect.fnUntraced(function* (twins: ReadonlyArray<TwinDeclaration>, given: OwnFlags) {
  for (const [name, word] of Object.entries(given)) {
    if (word === undefined || twins.some(({ flags }) => Object.hasOwn(flags, name))) continue
    const titles = having.get(name)?.map(({ title }) => title) ?? []
    return yield* usage(`--${flagName(name)}: expected with the twin of ${titles.join(" or ")} only`)
  }
})
