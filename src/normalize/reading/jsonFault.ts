/**
 * Finds where a text stops being JSON, for damage messages: `JSON.parse` quotes the input in its errors, and call
 * records hold personal data.
 */
import {
  allBut,
  backslash,
  type ByteSet,
  closeCurly,
  closeSquare,
  colon,
  comma,
  has,
  letterU,
  openCurly,
  openSquare,
  quote,
  setOf,
  spaces
} from "./bytes.ts"

/** `at` is a byte offset in the text, `expected` names what should stand there. */
export interface Fault {
  readonly at: number
  readonly expected: string
}

/** What has to follow. */
type Expectation = "value" | "first value" | "key" | "first key" | "colon" | "next" | "end"

const names: Record<Exclude<Expectation, "next">, string> = {
  value: "a value",
  "first value": 'a value or "]"',
  key: "a property name in double quotes",
  "first key": 'a property name in double quotes or "}"',
  colon: '":"',
  end: "nothing more"
}

const escapes = setOf('"\\/bfnrt')
const hexDigits = setOf("0123456789ABCDEFabcdef")
/** What stands for itself in a string. */
const plain = allBut(setOf('"\\')).fill(0, 0, 32)
const wordBytes = setOf("+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/

const decoder = new TextDecoder()

/** Checks a JSON text token by token. */
class Checker {
  private readonly text: Uint8Array
  private at = 0
  private expects: Expectation = "value"
  /** The brackets that close what is open. */
  private readonly closers: Array<number> = []

  constructor(text: Uint8Array) {
    this.text = text
  }

  run(): Fault | undefined {
    let fault: Fault | undefined
    do {
      this.skip(spaces)
      if (this.expects === "end" && this.at === this.text.length) return undefined
      fault = this.token(this.text[this.at])
    } while (fault === undefined)
    return fault
  }

  private token(byte: number | undefined): Fault | undefined {
    switch (this.expects) {
      case "value":
        return this.value(byte)
      case "first value":
        return byte === closeSquare ? this.close() : this.value(byte)
      case "key":
      case "first key":
        if (byte === closeCurly && this.expects === "first key") return this.close()
        return byte === quote ? this.string("colon") : this.fault()
      case "colon":
        return byte === colon ? this.pass("value") : this.fault()
      case "next":
        if (byte === comma) return this.pass(this.closers.at(-1) === closeCurly ? "key" : "value")
        return byte === this.closers.at(-1) ? this.close() : this.fault()
      case "end":
        return this.fault()
    }
  }

  private value(byte: number | undefined): Fault | undefined {
    if (byte === openCurly || byte === openSquare) {
      this.closers.push(byte === openCurly ? closeCurly : closeSquare)
      return this.pass(byte === openCurly ? "first key" : "first value")
    }
    if (byte === quote) return this.string(this.afterValue())
    return has(wordBytes, byte) ? this.word() : this.fault()
  }

  private word(): Fault | undefined {
    const start = this.at
    this.skip(wordBytes)
    if (!word.test(decoder.decode(this.text.subarray(start, this.at)))) return { at: start, expected: names.value }
    this.expects = this.afterValue()
    return undefined
  }

  private string(after: Expectation): Fault | undefined {
    this.at++
    this.skip(plain)
    while (this.text[this.at] === backslash) {
      this.at++
      if (!this.isEscape()) return this.fault("a valid escape")
      this.at += this.text[this.at] === letterU ? 5 : 1
      this.skip(plain)
    }
    const byte = this.text[this.at]
    if (byte === quote) return this.pass(after)
    return this.fault(byte === undefined ? "a closing quote" : "a closing quote or an escaped control character")
  }

  /** Whether an escape goes on here, behind its backslash. */
  private isEscape(): boolean {
    const { text, at } = this
    if (text[at] !== letterU) return has(escapes, text[at])
    return [1, 2, 3, 4].every((digit) => has(hexDigits, text[at + digit]))
  }

  private skip(set: ByteSet): void {
    while (has(set, this.text[this.at])) this.at++
  }

  /** Goes behind one byte. */
  private pass(expects: Expectation): undefined {
    this.at++
    this.expects = expects
  }

  private close(): undefined {
    this.closers.pop()
    this.pass(this.afterValue())
  }

  private afterValue(): Expectation {
    return this.closers.length === 0 ? "end" : "next"
  }

  private fault(expected = this.expected()): Fault {
    return { at: this.at, expected }
  }

  private expected(): string {
    if (this.expects !== "next") return names[this.expects]
    return this.closers.at(-1) === closeCurly ? '"," or "}"' : '"," or "]"'
  }
}

/** The first fault of a JSON text, undefined when it is JSON; linear in the length of the text. */
export const findFault = (text: Uint8Array): Fault | undefined => new Checker(text).run()
