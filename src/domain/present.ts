type Possible<A> = { [Name in keyof A as undefined extends A[Name] ? Name : never]?: Exclude<A[Name], undefined> }
type Certain<A> = { [Name in keyof A as undefined extends A[Name] ? never : Name]: A[Name] }

/** Without what is `undefined`, which means the same as left out. */
export function present<A extends object>(members: A): Certain<A> & Possible<A>
export function present(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
