/** Names as small numbers, in the order in which they are first met. */
export interface Names {
  readonly numberOf: (name: string) => number
  readonly name: (number: number) => string
  readonly all: () => ReadonlyArray<string>
}

export const makeNames = (): Names => {
  const numbers = new Map<string, number>()
  const names: Array<string> = []
  return {
    numberOf: (name) => {
      const known = numbers.get(name)
      if (known !== undefined) return known
      numbers.set(name, names.length)
      return names.push(name) - 1
    },
    name: (number) => names[number] ?? "",
    all: () => names
  }
}
