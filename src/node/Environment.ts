/** Variables by name, as `process.env` has them. */
export interface Environment {
  readonly [variable: string]: string | undefined
}
