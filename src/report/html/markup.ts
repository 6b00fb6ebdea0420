/** HTML and SVG as text: whatever is put into a template is escaped, unless it came out of one. */

/** Text that is markup already. */
export interface Markup {
  readonly markup: string
}

/** What a template takes; absent and `false` are nothing, lists are joined. */
export type Piece = Markup | string | number | false | undefined | ReadonlyArray<Piece>

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\n": "&#10;"
}

/** Words in Hebrew or Arabic letters. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?: [\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*/gu

/** For text and for quoted attributes. Characters that HTML forbids become the replacement character. */
const escape = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/gu, "\ufffd")
    // a figure and its unit stay on one line
    .replace(/(?<=\d) (?=(?:%|s|min|h|points?)(?!\w))/gu, "\u00a0")
    // a name that is written from right to left turns no figure beside it
    .replace(RIGHT_TO_LEFT, "\u2068$&\u2069")
    .replace(/[&<>"'\n]/gu, (character) => ENTITIES[character] ?? character)

const isList = (piece: Piece): piece is ReadonlyArray<Piece> => Array.isArray(piece)

const textOf = (piece: Piece): string => {
  if (piece === undefined || piece === false) return ""
  if (isList(piece)) return piece.map(textOf).join("")
  return typeof piece === "object" ? piece.markup : escape(String(piece))
}

/** `` html`<p title="${name}">${name}</p>` ``: attributes must be quoted. */
export const html = (strings: TemplateStringsArray, ...pieces: ReadonlyArray<Piece>): Markup => ({
  markup: strings.map((string, index) => string.replace(/\n\s*/gu, "\n") + textOf(pieces[index])).join("")
})

/** Only for text of our own (styles, the script): nothing in it is escaped. */
export const verbatim = (markup: string): Markup => ({ markup })
