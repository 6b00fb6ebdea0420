/** What was set last, by key: as many as are wanted, and of the older ones nothing. */
export const makeLately = <A>(most: number) => {
  const values = new Map<string, A>()
  return {
    get: (key: string): A | undefined => values.get(key),
    set: (key: string, value: A): void => {
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.keys()
      if (oldest !== undefined && values.size > most) values.delete(oldest)
    },
    delete: (key: string): boolean => values.delete(key)
  }
}
