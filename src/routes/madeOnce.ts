/** What is made of a part of a configuration: once, since a configuration is not changed after it was read. */
export const madeOnce = <Part extends object, Made>(make: (part: Part) => Made): ((part: Part) => Made) => {
  const known = new WeakMap<Part, Made>()
  return (part) => {
    const before = known.get(part)
    if (before !== undefined) return before
    const made = make(part)
    known.set(part, made)
    return made
  }
}
