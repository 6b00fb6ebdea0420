/** References as callers write them: which texts are the same reference, and which a new one may not be. */

/**
 * The texts under which a placement of this reference may be stored, the given one first: letters with marks can be
 * written composed or decomposed, and look the same.
 */
export const formsOf = (reference: string): ReadonlyArray<string> => [
  ...new Set([reference, reference.normalize("NFC"), reference.normalize("NFD")])
]

/** How a new reference is stored and sent. */
export const storedForm = (reference: string): string => reference.normalize("NFC")

export const isSameReference = (a: string, b: string): boolean => storedForm(a) === storedForm(b)

/** Nothing is seen of them: two references that differ by one would look the same. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?! )\p{Z}|^ | $/u

/** Why a text cannot be a new reference, if it cannot. */
export const referenceFault = (reference: string): string | undefined =>
  INVISIBLE.test(reference)
    ? "no space at its ends and no invisible character: two references that look alike would be two calls"
    : undefined

const EVERY_INVISIBLE = new RegExp(INVISIBLE.source, "gu")

/** What is seen of a reference. */
const visible = (reference: string): string => {
  const seen = storedForm(reference).replace(EVERY_INVISIBLE, "")
  return seen === "" ? reference : seen.trim()
}

/**
 * Stored references of one tenant that look alike, in groups: from before such were refused, each with a placement of its
 * own.
 */
export const lookalikes = (
  placements: Iterable<{ readonly tenant?: string; readonly reference: string }>
): ReadonlyArray<ReadonlyArray<string>> => {
  const byLook = new Map<string, Array<string>>()
  for (const { tenant, reference } of placements) {
    const look = JSON.stringify([tenant ?? "", visible(reference)])
    const alike = byLook.get(look)
    if (alike === undefined) byLook.set(look, [reference])
    else if (!alike.includes(reference)) alike.push(reference)
  }
  return [...byLook.values()].filter(({ length }) => length > 1)
}
