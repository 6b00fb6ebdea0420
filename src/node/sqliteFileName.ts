/** Which texts are no name of a SQLite file: addresses of databases, which nobody means as one. */

const ADDRESSES: ReadonlyArray<RegExp> = [
  // `mysql://…`, also quoted or behind a space or `jdbc:`. One letter is a drive, and SQLite has names that begin with `file:`.
  /^(?!file:).*[a-z][\w+.-]+:\/\//is,
  // A `/` is missing.
  /^\W*(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:/i,
  // `user:password@host`
  /^[^/\\:]{2,}:[^/\\]*@/,
  // `host=… dbname=…`, as libpq takes it.
  /(?:^|\W)(?:host|hostaddr|port|dbname|user|password)\s*=\s*\S+\s+\w+\s*=/i
]

/** Whether a text is the address of a database, however it is written, and would be a file with that address as its name. */
export const isAddress = (name: string): boolean => ADDRESSES.some((form) => form.test(name))
