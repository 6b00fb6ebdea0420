/** Which texts are no name of a SQLite file: addresses, which nobody means as one, and whose passwords are no names. */

/** What begins like a path is one, whatever follows: `./postgres:16/calls.sqlite`, `C:\calls.sqlite`. */
const PATH = /^(?:\.{1,2}[\\/]|\/(?!\/)|\\|[a-z]:[\\/])/i

const ADDRESSES: ReadonlyArray<RegExp> = [
  // `mysql://…`, also quoted or behind a space, a variable or `jdbc:`
  /[a-z][\w+.-]+:\/\//i,
  // A `/` is missing. One letter is a drive.
  /^[^/\\]*[a-z][\w+.-]+:\//i,
  // Both are, or the `:` is.
  /^\W*(?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|mssql|sqlserver|sqlite|libsql|file)(?:\+\w+)?\W?(?::|\/\/)/i,
  // `//host:5432/calls`, `//user@host/calls`
  /^\W*\/\/[^/\\]*[:@]/,
  // `user:password@host`, also with a `/` in the password
  /:[^/\\]*@|^[^/\\]+:.*@/s,
  // `host=… dbname=…` and a password alone, as libpq takes them
  /(?:^|\W)(?:host|hostaddr|port|dbname|user|password)\s*=\s*\S+\s+\w+\s*=/i,
  /(?:^|\W)(?:password|pwd)\s*=/i
]

/** Whether a text looks like an address, however it is written, and would be a file with that address as its name. */
export const looksLikeAddress = (name: string): boolean => !PATH.test(name) && ADDRESSES.some((form) => form.test(name))
