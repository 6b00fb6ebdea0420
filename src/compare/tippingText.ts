/** The tipping point of a verdict in words: the least share of answers that nobody stated by which it falls. */
import type { Contrast } from "./Comparison.ts"
import { countText, percent } from "./format.ts"

/** "7.2 % of the inferred answers of b were wrong (34 of 470)"; none of a verdict that no such share takes away. */
export const tippingText = ({ sensitivity }: Pick<Contrast, "sensitivity">): string | undefined => {
  const [least] = sensitivity
    .flatMap(({ wrong }) => (wrong?.falls === true ? [wrong] : []))
    .toSorted((a, b) => a.count / a.of - b.count / b.of)
  if (least === undefined) return undefined
  const { certainty, arm, count, of } = least
  return `${percent(count / of)} of the ${certainty} answers of ${arm} were wrong (${countText(count)} of ${countText(of)})`
}
