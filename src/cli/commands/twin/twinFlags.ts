/** The flags that twins have of their own: of each provider's declaration, one flag for all that have it. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Flag from "effect/cli/Flag"
import { expectedOf, type TwinDeclaration, type TwinFlag } from "../../../provider/ProviderDeclaration.ts"
import { usage } from "../../shell/CommandFailure.ts"
import { whole } from "../../shell/flags.ts"
import { callable } from "../../providers.ts"

/** What was given, by the name of the twin's option. */
export interface OwnFlags {
  readonly [name: string]: Option.Option<string>
}

const flagName = (option: string): string => option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

interface Having {
  readonly title: string
  readonly flag: TwinFlag
}

/** Those that have a flag, by its name. */
const having = new Map<string, ReadonlyArray<Having>>()
for (const { title, twin } of callable) {
  for (const [name, flag] of Object.entries(twin.flags))
    having.set(name, [...(having.get(name) ?? []), { title, flag }])
}

const flagOf = (name: string, each: ReadonlyArray<Having>): Flag.Flag<Option.Option<string>> => {
  const [first] = each
  const about = `${each.map(({ title }) => title).join(", ")}: ${first?.flag.about ?? ""}`
  const words = [...new Set(each.flatMap(({ flag }) => flag.words ?? []))]
  return words.length > 0
    ? Flag.Literals(flagName(name), words).pipe(Flag.withDescription(about), Flag.optional)
    : whole(flagName(name), about, 1, Math.max(...each.map(({ flag }) => flag.most ?? 1))).pipe(
        Flag.map(String),
        Flag.optional
      )
}

/** For the command: a flag by the name of each option. */
export const ownFlags: { readonly [name: string]: Flag.Flag<Option.Option<string>> } = Object.fromEntries(
  [...having].map(([name, each]) => [name, flagOf(name, each)])
)

/** What of it is for this twin; fails on a word that only another one takes. */
export const ownWords = Effect.fnUntraced(function* ({ flags }: TwinDeclaration, given: OwnFlags) {
  const words: { [name: string]: string } = {}
  for (const [name, flag] of Object.entries(flags)) {
    const word = given[name]
    if (word === undefined || Option.isNone(word)) continue
    if (flag.read(word.value) === undefined) return yield* usage(`--${flagName(name)}: expected ${expectedOf(flag)}`)
    words[name] = word.value
  }
  return words
})

/** Fails on a flag that none of the twins has: it would do nothing. */
export const refuseIdle = Effect.fnUntraced(function* (twins: ReadonlyArray<TwinDeclaration>, given: OwnFlags) {
  for (const [name, word] of Object.entries(given)) {
    if (Option.isNone(word) || twins.some(({ flags }) => Object.hasOwn(flags, name))) continue
    const titles = having.get(name)?.map(({ title }) => title) ?? []
    return yield* usage(`--${flagName(name)}: expected with the twin of ${titles.join(" or ")} only`)
  }
})
