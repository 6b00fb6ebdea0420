/**
 * Finds where a text stops being JSON, for damage messages: `JSON.parse` quotes the input in its errors, and call
 * records hold personal data.
 */
import { backslash, closeCurly, closeSquare, colon, comma, isSpace, openCurly, openSquare, quote } from "./bytes.ts"

/** `at` is a byte offset in the text, `expected` names what should stand there. */
export interface Fault {
  readonly at: number
  readonly expected: string
}

type Expectation = "value" | "first value" | "key" | "first key" | "colon" | "next" | "end"

const names: Record<Exclude<Expectation, "next">, string> = {
  value: "a value",
  "first value": 'a value or "]"',
  key: "a property name in double quotes",
  "first key": 'a property name in double quotes or "}"',
  colon: '":"',
  end: "nothing more"
}

const isFault = (result: number | Fault): result is Fault => typeof result !== "number"

const escapes = new Set([...'"\\/bfnrt'].map((character) => character.charCodeAt(0)))

const isHex = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102))

/** Index after the escape whose backslash is at `at`. */
const escapeEnd = (text: Uint8Array, at: number): number | Fault => {
  const letter = text[at + 1]
  if (letter !== undefined && escapes.has(letter)) return at + 2
  const fault = { at: Math.min(at + 1, text.length), expected: "a valid escape" }
  if (letter !== 117) return fault
  for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(text[digit])) return fault
  return at + 6
}

/** Index after the string whose opening quote is at `start`. */
const stringEnd = (text: Uint8Array, start: number): number | Fault => {
  let at = start + 1
  for (;;) {
    const byte = text[at]
    if (byte === undefined) return { at, expected: "a closing quote" }
    if (byte === quote) return at + 1
    if (byte < 32) return { at, expected: "a closing quote or an escaped control character" }
    if (byte !== backslash) at++
    else {
      const end = escapeEnd(text, at)
      if (isFault(end)) return end
      at = end
    }
  }
}

const isWordByte = (byte: number | undefined): boolean =>
  byte !== undefined &&
  (byte === 43 ||
    byte === 45 ||
    byte === 46 ||
    (byte >= 48 && byte <= 57) ||
    (byte >= 65 && byte <= 90) ||
    (byte >= 97 && byte <= 122))

const decoder = new TextDecoder()

const word = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)$/

/** Index after the number or literal at `start`. */
const wordEnd = (text: Uint8Array, start: number): number | Fault => {
  let at = start
  while (isWordByte(text[at])) at++
  const isWord = word.test(decoder.decode(text.subarray(start, at)))
  return isWord ? at : { at: start, expected: "a value" }
}

const skipSpace = (text: Uint8Array, start: number): number => {
  let at = start
  while (isSpace(text[at])) at++
  return at
}

/** Checks a JSON text token by token; `open` holds the brackets that are open. */
class Checker {
  private readonly text: Uint8Array
  private readonly open: Array<number> = []
  private expects: Expectation = "value"

  constructor(text: Uint8Array) {
    this.text = text
  }

  run(): Fault | undefined {
    let at = skipSpace(this.text, 0)
    while (at < this.text.length || this.expects !== "end") {
      const end = this.token(at)
      if (isFault(end)) return end
      at = skipSpace(this.text, end)
    }
    return undefined
  }

  private token(at: number): number | Fault {
    const byte = this.text[at]
    switch (this.expects) {
      case "value":
      case "first value":
        return byte === closeSquare && this.expects === "first value" ? this.close(at) : this.value(byte, at)
      case "key":
      case "first key":
        if (byte === closeCurly && this.expects === "first key") return this.close(at)
        return byte === quote ? this.follow("colon", stringEnd(this.text, at)) : this.fault(at)
      case "colon":
        return byte === colon ? this.follow("value", at + 1) : this.fault(at)
      case "next":
        return this.next(byte, at)
      case "end":
        return this.fault(at)
    }
  }

  private value(byte: number | undefined, at: number): number | Fault {
    if (byte === openCurly || byte === openSquare) {
      this.open.push(byte)
      return this.follow(byte === openCurly ? "first key" : "first value", at + 1)
    }
    const end = byte === quote ? stringEnd(this.text, at) : isWordByte(byte) ? wordEnd(this.text, at) : this.fault(at)
    return this.follow(this.afterValue(), end)
  }

  private next(byte: number | undefined, at: number): number | Fault {
    const inObject = this.open.at(-1) === openCurly
    if (byte === comma) return this.follow(inObject ? "key" : "value", at + 1)
    return byte === (inObject ? closeCurly : closeSquare) ? this.close(at) : this.fault(at)
  }

  private close(at: number): number {
    this.open.pop()
    this.expects = this.afterValue()
    return at + 1
  }

  private follow(expects: Expectation, end: number | Fault): number | Fault {
    this.expects = expects
    return end
  }

  private afterValue(): Expectation {
    return this.open.length === 0 ? "end" : "next"
  }

  private fault(at: number): Fault {
    const closer = this.open.at(-1) === openCurly ? '"}"' : '"]"'
    return { at, expected: this.expects === "next" ? `"," or ${closer}` : names[this.expects] }
  }
}

/** The first fault of a JSON text, undefined when it is JSON; linear in the length of the text. */
export const findFault = (text: Uint8Array): Fault | undefined => new Checker(text).run()
