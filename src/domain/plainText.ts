/** Text of others, for people to read. */

/** What would move the cursor, break the line or turn the direction of what follows. */
// oxlint-disable-next-line no-control-regex
export const INVISIBLE = /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/gu

export const plainText = (text: string): string => text.replace(INVISIBLE, " ")
