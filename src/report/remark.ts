/** What reports say in sentences. */

/** What is to be said of something (metrics, a setting, a word), or of nothing in particular. */
export interface Remark {
  readonly about: ReadonlyArray<string>
  readonly sentences: ReadonlyArray<string>
  /** To be copied as they are, below the sentences: each is a block of lines. */
  readonly blocks?: ReadonlyArray<Block>
}

/** Lines in a language of code. */
export interface Block {
  readonly language: string
  readonly text: string
}

/** A sentence, or nothing where there is no cause for it. */
export type Said = string | false | undefined

export const said = (sentences: ReadonlyArray<Said>): ReadonlyArray<string> =>
  sentences.filter((sentence) => sentence !== undefined && sentence !== false)
