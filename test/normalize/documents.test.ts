import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import {
  type Damage,
  defaultLimits,
  type Limits,
  makeDocumentSplitter,
  type Start
} from "../../src/normalize/reading/documents.ts"

const encoder = new TextEncoder()

const join = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0)
  return joined
}

const bytesOf = (...parts: ReadonlyArray<string | Uint8Array | ReadonlyArray<number>>): Uint8Array =>
  join(parts.map((part) => (typeof part === "string" ? encoder.encode(part) : Uint8Array.from(part))))

type Found =
  | { readonly value: unknown; readonly line: number; readonly index: number }
  | { readonly damage: Damage; readonly line: number; readonly index: number }

/** Splits an input given in chunks; each chunk is overwritten after `push` to catch a splitter that holds on to it. */
const splitChunks = (chunks: Iterable<Uint8Array>, limits: Limits): ReadonlyArray<Found> => {
  const found: Array<Found> = []
  const splitter = makeDocumentSplitter(limits, {
    value: (value, line, index) => found.push({ value, line, index }),
    damaged: (damage) => found.push({ damage, line: damage.line, index: damage.index })
  })
  for (const chunk of chunks) {
    splitter.push(chunk)
    chunk.fill(0x7b)
  }
  splitter.end()
  return found
}

/** Cuts an input into copied chunks of the sizes given, over and over. */
function* cut(input: Uint8Array, sizes: ReadonlyArray<number>): Iterable<Uint8Array> {
  for (let at = 0, turn = 0; at < input.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    yield input.slice(at, at + size)
    at += size
  }
}

const split = (input: Uint8Array, limits: Limits = defaultLimits): ReadonlyArray<Found> =>
  splitChunks([input.slice()], limits)

/** A small generator of its own, as chunk sizes must not depend on the test framework's seed. */
const sizesFrom = (seed: number): ReadonlyArray<number> =>
  Array.from({ length: 16 }, (_, turn) => 1 + ((seed * 31 + turn * turn * 7919) % (turn % 3 === 0 ? 200 : 9)))

const lineLengths = (input: Uint8Array): ReadonlyArray<number> => {
  const ends = [...input.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at + 1] : []))
  return [...ends, input.length + 1].map((end, index) => end - (ends[index - 1] ?? 0))
}

const expectSameInChunks = (input: Uint8Array, limits: Limits = defaultLimits): ReadonlyArray<Found> => {
  const whole = split(input, limits)
  expect(splitChunks(cut(input, [1]), limits)).toEqual(whole)
  expect(splitChunks(cut(input, lineLengths(input)), limits)).toEqual(whole)
  for (const seed of [1, 2, 3]) expect(splitChunks(cut(input, sizesFrom(seed)), limits)).toEqual(whole)
  expect(whole.map(({ index }) => index)).toEqual(whole.map((_, index) => index))
  const lines = whole.map(({ line }) => line)
  expect(lines).toEqual(lines.toSorted((a, b) => a - b))
  return whole
}

const expectSameCutInTwo = (input: Uint8Array): ReadonlyArray<Found> => {
  const whole = expectSameInChunks(input)
  for (let at = 1; at < input.length; at++) {
    expect(splitChunks([input.slice(0, at), input.slice(at)], defaultLimits)).toEqual(whole)
  }
  return whole
}

/** What a case expects: a value with its line, or a damage with its line, text and the start of its message. */
type Expected = readonly [line: number, value: unknown] | readonly [line: number, raw: string, message: string]

const seen = (found: ReadonlyArray<Found>): ReadonlyArray<unknown> =>
  found.map((one) => ("damage" in one ? [one.line, one.damage.raw, one.damage.message] : [one.line, one.value]))

const wanted = (expected: ReadonlyArray<Expected>): ReadonlyArray<unknown> =>
  expected.map(([line, value, message]) =>
    message === undefined ? [line, value] : [line, value, expect.stringContaining(message)]
  )

const one = { id: 1 }
const two = { id: 2 }
const three = { id: 3 }
const pretty = (value: unknown): string => JSON.stringify(value, null, 2)
const bom = [0xef, 0xbb, 0xbf]

type Case = readonly [name: string, input: string | Uint8Array, expected: ReadonlyArray<Expected>]

const readable: ReadonlyArray<Case> = [
  ["an empty input", "", []],
  ["a byte order mark alone", bytesOf(bom), []],
  ["white space alone", " \r\n\t\n\n", []],
  [
    "lines",
    '{"id":1}\n{"id":2}\n',
    [
      [1, one],
      [2, two]
    ]
  ],
  [
    "a last line without line break",
    '{"id":1}\n{"id":2}',
    [
      [1, one],
      [2, two]
    ]
  ],
  [
    "CRLF, blank lines and white space around",
    '\r\n{"id":1}\r\n\r\n  {"id":2} \r\n',
    [
      [2, one],
      [4, two]
    ]
  ],
  [
    "a byte order mark",
    bytesOf(bom, '{"id":1}\n{"id":2}'),
    [
      [1, one],
      [2, two]
    ]
  ],
  [
    "files with byte order marks one after another",
    bytesOf(bom, '{"id":1}\n', bom, '{\n"id":2}', bom, '[{"id":3}]'),
    [
      [1, one],
      [2, two],
      [3, three]
    ]
  ],
  [
    "a byte order mark before a document with brackets on lines of their own",
    bytesOf(bom, '{\n  "rows":\n  [\n    1\n  ]\n}\n'),
    [[1, { rows: [1] }]]
  ],
  [
    "record separators",
    '\x1e{"id":1}\n\x1e{\n  "id":2\n}\n\x1e{"id":3}\x1e4',
    [
      [1, one],
      [2, two],
      [5, three],
      [5, 4]
    ]
  ],
  [
    "nothing between documents",
    '{"id":1}{"id":2}[{"id":3}]{"id":1}',
    [
      [1, one],
      [1, two],
      [1, three],
      [1, one]
    ]
  ],
  [
    "old Mac line ends",
    '{"id":1}\r{"id":2}\r',
    [
      [1, one],
      [1, two]
    ]
  ],
  [
    "printed documents",
    `${pretty(one)}\n${pretty(two)}\n\n${pretty(three)}`,
    [
      [1, one],
      [4, two],
      [8, three]
    ]
  ],
  [
    "a printed document among lines",
    `{"id":1}\n${pretty(two)}\n{"id":3}\n`,
    [
      [1, one],
      [2, two],
      [5, three]
    ]
  ],
  ["an empty array", "[]", []],
  ["an empty printed array", "[\n]\n", []],
  [
    "an array on one line",
    '[{"id":1},{"id":2}]',
    [
      [1, one],
      [1, two]
    ]
  ],
  [
    "a printed array",
    pretty([one, two]),
    [
      [2, one],
      [5, two]
    ]
  ],
  [
    "an array without indentation",
    '[\n{"id":1},\n{\n"id":2\n},\n{"id":3}\n]',
    [
      [2, one],
      [3, two],
      [6, three]
    ]
  ],
  [
    "an array with a row per line",
    '[{"id":1},\n{"id":2}\n,{"id":3}]\n',
    [
      [1, one],
      [2, two],
      [3, three]
    ]
  ],
  [
    "arrays in an array",
    "[[1,2],[],[[3]]]",
    [
      [1, [1, 2]],
      [1, []],
      [1, [[3]]]
    ]
  ],
  [
    "scalars in an array",
    '[1, "a,]b" ,\n null,true]',
    [
      [1, 1],
      [1, "a,]b"],
      [2, null],
      [2, true]
    ]
  ],
  [
    "an array per line",
    '[{"id":1}]\n[{"id":2},{"id":3}]\n',
    [
      [1, one],
      [2, two],
      [2, three]
    ]
  ],
  [
    "arrays and lines",
    '[1]\n{"id":2}\n[\n3]\n{"id":3}',
    [
      [1, 1],
      [2, two],
      [4, 3],
      [5, three]
    ]
  ],
  ["an envelope", '{"calls":[{"id":1},{"id":2}]}', [[1, { calls: [one, two] }]]],
  ["an envelope with a row per line", '{"n":2,"rows":[\n{"id":1},\n{"id":2}\n]}\n', [[1, { n: 2, rows: [one, two] }]]],
  [
    "an envelope with one row",
    '{"rows":[\n{"id":1}\n\n]}\n{"id":2}',
    [
      [1, { rows: [one] }],
      [5, two]
    ]
  ],
  ["an envelope that ends with its only row", '{"rows":[\n{"id":1}]}', [[1, { rows: [one] }]]],
  [
    "an envelope with leading commas",
    '{"rows":[\n{"id":1}\n,\n{"id":2}\n,{"id":3}]}',
    [[1, { rows: [one, two, three] }]]
  ],
  [
    "envelopes with a row per line in an array",
    '[{"rows":[\n{"id":1},\n{"id":2}]},\n{"rows":[\n{"id":3}\n]}]',
    [
      [1, { rows: [one, two] }],
      [4, { rows: [three] }]
    ]
  ],
  [
    "a document printed without indentation",
    '{\n"turns": [\n{\n"id": 1\n},\n{\n"id": 2\n}\n]\n}\n{\n"id": 3\n}',
    [
      [1, { turns: [one, two] }],
      [11, three]
    ]
  ],
  [
    "scalars",
    '1\n-2.5e3 \ntrue\r\nnull\n"a"\n',
    [
      [1, 1],
      [2, -2500],
      [3, true],
      [4, null],
      [5, "a"]
    ]
  ],
  [
    "scalars on one line",
    '1 2 "x""y" {"id":1}null[false]',
    [
      [1, 1],
      [1, 2],
      [1, "x"],
      [1, "y"],
      [1, one],
      [1, null],
      [1, false]
    ]
  ],
  ["a string that holds JSON", JSON.stringify(JSON.stringify(one)), [[1, '{"id":1}']]],
  [
    "brackets and escapes in strings",
    '{"a":"}\\"]{\\\\"}\n["\\\\","]\\""]',
    [
      [1, { a: '}"]{\\' }],
      [2, "\\"],
      [2, ']"']
    ]
  ],
  [
    "a replacement character in the input",
    '{"a":"\uFFFD"}\n{"a":"é😀"}\n',
    [
      [1, { a: "\uFFFD" }],
      [2, { a: "é😀" }]
    ]
  ],
  ["a name that would set a prototype", '{"__proto__":{"a":1}}', [[1, JSON.parse('{"__proto__":{"a":1}}')]]]
]

const damaged: ReadonlyArray<Case> = [
  [
    "a broken line",
    '{"id":1}\n{"id":2,}\n{"id":3}\n',
    [
      [1, one],
      [2, '{"id":2,}', "expected a property name in double quotes at line 2, column 9 (byte offset 17)"],
      [3, three]
    ]
  ],
  [
    "a word that is none",
    '{"a":x}\n{"id":1}',
    [
      [1, '{"a":x}', "expected a value at line 1, column 6"],
      [2, one]
    ]
  ],
  [
    "a quote too many",
    '{"a":"x"y"}\n{"id":1}',
    [
      [1, '{"a":"x"y"}', 'expected "," or "}" at line 1, column 9'],
      [2, one]
    ]
  ],
  [
    "a wrong bracket",
    '{"a":[1}\n{"a":1]}\n{"id":1}',
    [
      [1, '{"a":[1}', 'expected "," or "]"'],
      [2, '{"a":1]}', 'expected "," or "}"'],
      [3, one]
    ]
  ],
  [
    "a bad escape",
    '{"a":"\\x"}\n{"a":"\\u12g4"}',
    [
      [1, '{"a":"\\x"}', "a valid escape"],
      [2, '{"a":"\\u12g4"}', "a valid escape"]
    ]
  ],
  [
    "a control character",
    '{"a":"\t"}',
    [[1, '{"a":"\t"}', "expected a closing quote or an escaped control character at line 1, column 7"]]
  ],
  [
    "a line cut in a string",
    '{"id":"ab\n{"id":1}\n',
    [
      [1, '{"id":"ab', "expected a closing quote at line 1, column 10"],
      [2, one]
    ]
  ],
  [
    "a line cut after an escape",
    '{"id":"ab\\\n{"id":1}\n',
    [
      [1, '{"id":"ab\\', "expected a valid escape"],
      [2, one]
    ]
  ],
  [
    "a line cut after a colon",
    '{"id":\n{"id":1}\n{"id":2}',
    [
      [1, '{"id":', "expected a value at line 1, column 7"],
      [2, one],
      [3, two]
    ]
  ],
  [
    "brackets too many on the line after a row",
    '{"a":[\n{"id":1}\n} ] {"id":2}\n',
    [
      [1, '{"a":[', "expected"],
      [2, one],
      [3, "} ]", "expected a JSON value at line 3, column 1"],
      [3, two]
    ]
  ],
  [
    "a printed document cut in an inner array after a string that ends with a comma",
    '{\n  "a": ["x,"\n{"id":1},\n',
    [
      [1, '{\n  "a": ["x,"', 'expected "," or "]" at line 2, column 13'],
      [3, one],
      [3, ",", "expected"]
    ]
  ],
  [
    "a line cut in an inner array",
    '{"a":[1,\n{"id":1}\n{"id":2}',
    [
      [1, '{"a":[1,', "expected a value"],
      [2, one],
      [3, two]
    ]
  ],
  [
    "lines cut in an inner array",
    '{"a":[\n{"a":[\n{"id":1}',
    [
      [1, '{"a":[', 'expected a value or "]"'],
      [2, '{"a":[', "expected"],
      [3, one]
    ]
  ],
  [
    "a line cut in an inner array before a broken line",
    '{"a":[\n{"id":x}\n',
    [
      [1, '{"a":[', "expected"],
      [2, '{"id":x}', "expected a value at line 2, column 7"]
    ]
  ],
  [
    "a line cut in an inner array before a printed document",
    `{"a":[\n${pretty(one)}\n`,
    [
      [1, '{"a":[', "expected"],
      [2, one]
    ]
  ],
  [
    "a last line that was cut",
    '{"id":1}\n{"id":2,"b',
    [
      [1, one],
      [2, '{"id":2,"b', "expected a closing quote at line 2, column 11 (byte offset 19)"]
    ]
  ],
  [
    "a printed document that was cut, before another",
    '{\n  "id": 1,\n  "b": {\n{\n  "id": 2\n}\n',
    [
      [1, '{\n  "id": 1,\n  "b": {', 'expected a property name in double quotes or "}" at line 3, column 9'],
      [4, two]
    ]
  ],
  [
    "a printed document that was cut, before an array",
    '{\n  "id": 1,\n[\n  {\n    "id": 2\n  }\n]\n',
    [
      [1, '{\n  "id": 1,', "expected a property name"],
      [4, two]
    ]
  ],
  [
    "an indented document that was cut, before another",
    '  {\n    "id": 1,\n  {\n    "id": 2\n  }\n',
    [
      [1, '{\n    "id": 1,', "expected a property name"],
      [3, two]
    ]
  ],
  [
    "a line break in a string of a printed document",
    '{\n  "a": "x\n{y",\n  "b": 1\n}\n{"id":1}',
    [
      [1, '{\n  "a": "x', "expected a closing quote"],
      [3, '{y",\n  "b": 1\n}', "expected"],
      [6, one]
    ]
  ],
  [
    "a bracket alone",
    ']\n{"id":1}',
    [
      [1, "]", "expected a JSON value at line 1, column 1"],
      [2, one]
    ]
  ],
  [
    "a comma alone",
    ',\n{"id":1}',
    [
      [1, ",", "expected a JSON value"],
      [2, one]
    ]
  ],
  [
    "commas after documents",
    '{"id":1},\n{"id":2} , {"id":3},',
    [
      [1, one],
      [1, ",", "expected"],
      [2, two],
      [2, ",", "expected"],
      [2, three],
      [2, ",", "expected"]
    ]
  ],
  [
    "a bracket too many",
    '{"id":1}}\n{"id":2}',
    [
      [1, one],
      [1, "}", "expected a JSON value at line 1, column 9"],
      [2, two]
    ]
  ],
  [
    "text after a value",
    '{"id":1} done {"id":2}\n{"id":3}',
    [
      [1, one],
      [1, 'done {"id":2}', "expected a JSON value at line 1, column 10"],
      [2, three]
    ]
  ],
  [
    "text after an array",
    '[{"id":1}] done\n{"id":3}',
    [
      [1, one],
      [1, "done", "expected a JSON value"],
      [2, three]
    ]
  ],
  [
    "lines of a log",
    '2025-01-02 INFO {"id":1}\nINFO\n{"id":2}',
    [
      [1, '2025-01-02 INFO {"id":1}', "expected a JSON value"],
      [2, "INFO", "expected"],
      [3, two]
    ]
  ],
  [
    "a member without its object",
    '"a": 1,\n{"id":1}',
    [
      [1, '"a": 1,', "expected a JSON value"],
      [2, one]
    ]
  ],
  [
    "a string that was cut",
    '"ab\n"c"\n"d',
    [
      [1, '"ab', "expected"],
      [2, "c"],
      [3, '"d', "expected a closing quote"]
    ]
  ],
  ["a word that was cut", "nul", [[1, "nul", "expected a JSON value"]]],
  [
    "an array with a broken element",
    '[{"id":1},{"id":x},{"id":3}]',
    [
      [1, one],
      [1, '{"id":x}', "expected a value at line 1, column 17"],
      [1, three]
    ]
  ],
  [
    "an array with a broken scalar",
    '[1,tru,2 3,"a"]',
    [
      [1, 1],
      [1, "tru", "expected a value"],
      [1, "2 3", "expected nothing more at line 1, column 10"],
      [1, "a"]
    ]
  ],
  [
    "an array with commas too many",
    "[,1,,2,]",
    [
      [1, ",", "expected a value at line 1, column 2"],
      [1, 1],
      [1, ",", "expected a value"],
      [1, 2],
      [1, ",", "expected a value at line 1, column 8"]
    ]
  ],
  [
    "an array without a comma",
    '[{"id":1} {"id":2},{"id":3}]',
    [
      [1, one],
      [1, '{"id":2}', 'expected "," or "]" next to the element at line 1, column 11'],
      [1, three]
    ]
  ],
  [
    "an indented element without a comma",
    '[\n  {"id":1}\n  {"id":2}\n]\n{"id":3}',
    [
      [2, one],
      [3, '{"id":2}', 'expected "," or "]" next to the element at line 3'],
      [5, three]
    ]
  ],
  [
    "the end of an object before the next on a line",
    '}, {"id":1}\n{"id":2}',
    [
      [1, '}, {"id":1}', "expected"],
      [2, two]
    ]
  ],
  [
    "a line cut in an inner array before a document over lines",
    '{"a":[\n{"b":{\n"c":1}}\n{"id":1}',
    [
      [1, '{"a":[', "expected"],
      [2, { b: { c: 1 } }],
      [4, one]
    ]
  ],
  [
    "a broken line after long characters",
    '{"a":"é€😀"}\n{"id":x}\n',
    [
      [1, { a: "é€😀" }],
      [2, '{"id":x}', "line 2, column 7 (byte offset 24)"]
    ]
  ],
  [
    "an array that was cut in an element",
    '[{"id":1},{"id":',
    [
      [1, one],
      [1, '{"id":', "unterminated array: expected a value"]
    ]
  ],
  [
    "an array that was cut in a scalar",
    "[1,2",
    [
      [1, 1],
      [1, "2", "unterminated array: expected"]
    ]
  ],
  [
    "an array that was cut after an element",
    '[{"id":1}',
    [
      [1, one],
      [1, "", 'unterminated array: expected "," or "]" at line 1, column 10']
    ]
  ],
  [
    "an array that was cut after a comma",
    '[{"id":1},\n',
    [
      [1, one],
      [2, ",", "unterminated array: expected a value"]
    ]
  ],
  ["an array that was cut at once", "[", [[1, "[", "unterminated array"]]],
  [
    "a printed array that was cut, before a document",
    '[\n  {\n    "id": 1\n  },\n  {\n    "a":\n{\n  "id": 2\n}',
    [
      [2, one],
      [5, '{\n    "a":', "unterminated array: expected a value"],
      [7, two]
    ]
  ],
  [
    "a printed array that was cut after an element, before a document",
    '[\n  {"id": 1}\n{"id": 2}',
    [
      [2, one],
      [3, "", "unterminated array"],
      [3, two]
    ]
  ],
  [
    "a printed element that was cut, before the next",
    '[\n  {\n    "a":\n  {\n    "id": 2\n  }\n]',
    [
      [2, '{\n    "a":', "expected a value at line 3"],
      [4, two]
    ]
  ],
  [
    "an array line that was cut, before another",
    '[{"id":1},{"a":\n[{"id":2}]\n',
    [
      [1, one],
      [1, '{"a":', "unterminated array: expected"],
      [2, two]
    ]
  ],
  [
    "an element without indentation that was cut",
    '[\n{"a":\n{"id":2}\n]',
    [
      [2, '{"a":', "expected"],
      [3, two]
    ]
  ],
  [
    "an array line cut in an inner array, before another",
    '[{"a":[\n{"id":1}\n[2]',
    [
      [1, '{"a":[', "unterminated array"],
      [2, one],
      [3, 2]
    ]
  ],
  [
    "a record separator in a document",
    '\x1e{"a":[1,\x1e{"id":1}\x1e"x\x1e[2,\x1e[{"a"\x1e3',
    [
      [1, '{"a":[1,', "expected a value"],
      [1, one],
      [1, '"x', "expected"],
      [1, 2],
      [1, ",", "unterminated array"],
      [1, '{"a"', "unterminated array"],
      [1, 3]
    ]
  ],
  [
    "a record separator after a row",
    '{"a":[\n{"id":1}\n\x1e{"id":2}',
    [
      [1, '{"a":[', "expected"],
      [2, one],
      [3, two]
    ]
  ],
  [
    "bad UTF-8",
    bytesOf('{"id":1}\n{"id":"', [0xc3, 0x28], '"}\n{"id":3}\n'),
    [
      [1, one],
      [2, '{"id":"\uFFFD("}', "invalid UTF-8 in the record at line 2, column 1 (byte offset 9)"],
      [3, three]
    ]
  ],
  [
    "bad UTF-8 in an array",
    bytesOf('[{"id":1},{"id":"', [0xff], '"},{"id":3}]'),
    [
      [1, one],
      [1, '{"id":"\uFFFD"}', "invalid UTF-8"],
      [1, three]
    ]
  ],
  [
    "a character cut at the end",
    bytesOf('{"id":1}\n{"id":"', [0xe2, 0x82]),
    [
      [1, one],
      [2, '{"id":"\uFFFD', "expected a closing quote"]
    ]
  ],
  [
    "half a byte order mark",
    bytesOf([0xef, 0xbb], '{}\n{"id":1}'),
    [
      [1, "\uFFFD{}", "expected a JSON value"],
      [2, one]
    ]
  ],
  [
    "UTF-16, little endian",
    bytesOf([0xff, 0xfe, 0x7b, 0, 0x0a, 0, 0x7d, 0]),
    [[1, "{\n}", "expected UTF-8 but the input is UTF-16LE"]]
  ],
  [
    "UTF-16, big endian",
    bytesOf([0xfe, 0xff, 0, 0x7b, 0, 0x0a, 0, 0x7d]),
    [[1, "{\n}", "expected UTF-8 but the input is UTF-16BE"]]
  ],
  [
    "null bytes",
    bytesOf([0, 0, 10], '{"id":1}\n'),
    [
      [1, "\0\0", "expected a JSON value"],
      [2, one]
    ]
  ]
]

describe("inputs that can be read", () => {
  it.each(readable)("%s", (_, input, expected) => {
    expect(seen(expectSameCutInTwo(bytesOf(input)))).toEqual(wanted(expected))
  })
})

describe("inputs that are damaged", () => {
  it.each(damaged)("%s", (_, input, expected) => {
    expect(seen(expectSameCutInTwo(bytesOf(input)))).toEqual(wanted(expected))
  })

  it("are not quoted in messages", () => {
    const found = split(bytesOf('{"secret": secret}\n{"a":"secret\nsecret\n[secret,"secret\n'))
    expect(found.flatMap((item) => ("damage" in item ? [item.damage.message] : [])).join()).not.toContain("secret")
  })
})

describe("limits", () => {
  const limits: Limits = { maxRecordBytes: 20, maxNesting: 4 }
  const long = JSON.stringify({ a: "x".repeat(30) })
  const deep = `${"[".repeat(5)}1${"]".repeat(5)}`

  const cases: ReadonlyArray<Case> = [
    [
      "a long line",
      `{"id":1}\n${long}\n{"id":2}\n`,
      [
        [1, one],
        [2, long, "record longer than 20 bytes at line 2, column 1"],
        [3, two]
      ]
    ],
    [
      "a long line that was cut",
      `${long.slice(0, -2)}\n{"id":2}\n`,
      [
        [1, long.slice(0, -2), "record longer than 20 bytes"],
        [2, two]
      ]
    ],
    [
      "a long printed document",
      `${pretty([1, 2, 3, 4]).replace("[", '{"a":[')}}\n{"id":2}`,
      [
        [1, '{"a":[\n  1,\n  2,\n  3,\n  4\n]}', "record longer"],
        [7, two]
      ]
    ],
    ["a record of exactly the longest length", `{"a":"${"x".repeat(12)}"}\n`, [[1, { a: "x".repeat(12) }]]],
    [
      "a long array of short elements",
      `[${'{"id":1},'.repeat(9)}{"id":2}]`,
      [...Array.from({ length: 9 }, () => [1, one] as const), [1, two]]
    ],
    [
      "a long element",
      `[{"id":1},${long},{"id":2}]`,
      [
        [1, one],
        [1, long, "record longer than 20 bytes at line 1, column 11"],
        [1, two]
      ]
    ],
    [
      "a long scalar",
      `[1,"${"x".repeat(30)}",2]\n${"1".repeat(30)}\n2`,
      [
        [1, 1],
        [1, `"${"x".repeat(30)}"`, "record longer"],
        [1, 2],
        [2, "1".repeat(30), ""],
        [3, 2]
      ]
    ],
    [
      "a long row of a document",
      `{"a":[\n${long}\n{"id":2}`,
      [
        [1, '{"a":[', "expected"],
        [2, long, "record longer"],
        [3, two]
      ]
    ],
    [
      "deep nesting",
      `{\n"a":${deep}}\n${" ".repeat(40)}{"id":1}`,
      [
        [1, `{\n"a":${deep}}`, "nesting deeper than 4 levels at line 2, column 8"],
        [3, one]
      ]
    ],
    ["a deep line that is just short enough not to be scanned", '{"a":[[[[[100]]]]]}\n', [[1, { a: [[[[[100]]]]] }]]],
    [
      "a deep line that is just long enough to be scanned",
      '{"a":[[[[[1000]]]]]}\n',
      [[1, '{"a":[[[[[1000]]]]]}', "nesting"]]
    ],
    ["deep nesting in a line short enough not to be scanned", '{"a":[[[[[]]]]]}', [[1, { a: [[[[[]]]]] }]]],
    [
      "a deep element",
      `[${deep},{"id":1}]`,
      [
        [1, deep, "nesting deeper than 4 levels at line 1, column 6"],
        [1, one]
      ]
    ],
    [
      "the deepest nesting",
      "[[[[[1]]]],2]",
      [
        [1, [[[[1]]]]],
        [1, 2]
      ]
    ],
    [
      "a deep row of a document",
      '{"a":[\n{"b":[[[1]]]}\n',
      [
        [1, '{"a":[', "expected"],
        [2, { b: [[[1]]] }]
      ]
    ],
    [
      "a row of a document that is too deep",
      '{"a":[\n{"b":[[[[1]]]]}\n',
      [
        [1, '{"a":[', "expected"],
        [2, '{"b":[[[[1]]]]}', "nesting deeper"]
      ]
    ]
  ]

  it.each(cases)("%s", (_, input, expected) => {
    expect(seen(expectSameInChunks(bytesOf(input), limits))).toEqual(wanted(expected))
  })

  const repeated = function* (piece: string, times: number): Iterable<Uint8Array> {
    const bytes = bytesOf(piece)
    for (let turn = 0; turn < times; turn++) yield bytes.slice()
  }
  const kilobyte = "x".repeat(1024)

  it("keep a huge line from taking memory", () => {
    const parts = function* (): Iterable<Uint8Array> {
      yield bytesOf('{"id":1}\n{"a":"')
      yield* repeated(kilobyte.repeat(64), 3200)
      yield bytesOf('"}\n{"id":2}\n')
    }
    const found = splitChunks(parts(), defaultLimits)
    expect(found.map(({ line }) => line)).toEqual([1, 2, 3])
    const damage = found.flatMap((item) => ("damage" in item ? [item.damage] : []))
    expect(damage.map(({ raw }) => raw.length)).toEqual([1 << 20])
    expect(damage[0]?.message).toContain(`${200 * 1024 * 1024 + 8 - (1 << 20)} of its ${200 * 1024 * 1024 + 8} bytes`)
  })

  it("keep the rows of a document from taking memory", () => {
    const row = `{"b":"${"x".repeat(3 << 20)}"}`
    const found = splitChunks(cut(bytesOf(`{"a":[\n${row},\n${row}\n]}`), [65536]), {
      maxRecordBytes: 2 << 20,
      maxNesting: 9
    })
    const total = 2 * row.length + 12
    expect(found.map((item) => ("damage" in item ? item.damage.message : item.value))).toEqual([
      expect.stringContaining(
        `record longer than 2097152 bytes at line 1, column 1 (byte offset 0); ${total - (1 << 20)} of its ${total}`
      )
    ])
  })

  it("do not matter to lines longer than a chunk", () => {
    const lines = ["x", "é", "€", "😀"].map((character) => ({ a: character.repeat(30_000) }))
    const input = bytesOf(lines.map((line) => `${JSON.stringify(line)}\n${JSON.stringify(one)}\n`).join(""))
    for (const size of [9_000, 20_000, 65_536, 1 << 20]) {
      const found = splitChunks(cut(input, [size]), defaultLimits)
      expect(found.map((item) => ("damage" in item ? item.damage : item.value))).toEqual(
        lines.flatMap((line) => [line, one])
      )
    }
  })

  it("cut the text of a damage between characters", () => {
    const found = split(bytesOf(`{"a":"${"€".repeat(400_000)}`))
    const raw = found.flatMap((item) => ("damage" in item ? [item.damage.raw] : [])).join()
    expect(raw.endsWith("€")).toBe(true)
    expect(raw.length).toBe(6 + Math.floor(((1 << 20) - 6) / 3))
  })

  it.each(['{"a":', "[", '{"a":['])("stop a bomb of %s", (piece) => {
    expect(splitChunks(repeated(piece.repeat(1000), 2000), defaultLimits)).toHaveLength(1)
  })

  it("give every cut line its damage, however many begin an array", () => {
    expect(splitChunks(repeated('[{"a":\n'.repeat(1000), 100), defaultLimits)).toHaveLength(100_000)
  })

  it("report a huge printed document that was cut once", () => {
    const lines = function* (): Iterable<Uint8Array> {
      yield bytesOf("{\n")
      yield* repeated('  "a": [1, {}],\n'.repeat(1000), 2000)
    }
    expect(splitChunks(lines(), defaultLimits)).toHaveLength(1)
  })

  it("report blank lines in an open document without looking back at all of them", () => {
    expect(splitChunks(repeated("\n".repeat(1000), 2000), defaultLimits)).toHaveLength(0)
    const found = split(bytesOf(`{"a":[${"\n".repeat(500_000)}1]}\n{"a":[\n{}${" \n".repeat(500_000)}`))
    expect(found).toHaveLength(3)
  })
})

/** Splits an input by one splitter after the other, a new one wherever the last one was idle after a chunk. */
const splitWhereIdle = (input: Uint8Array, sizes: ReadonlyArray<number>, limits: Limits): ReadonlyArray<Found> => {
  const found: Array<Found> = []
  const splitterAt = (start: Start) =>
    makeDocumentSplitter(
      limits,
      {
        value: (value, line) => found.push({ value, line, index: found.length }),
        damaged: (damage) => {
          const index = found.length
          found.push({ damage: { ...damage, index }, line: damage.line, index })
        }
      },
      start
    )
  let start: Start = { line: 1, offset: 0 }
  let splitter = splitterAt(start)
  for (const chunk of cut(input, sizes)) {
    const breaks = chunk.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0)
    start = { line: start.line + breaks, offset: start.offset + chunk.length }
    splitter.push(chunk)
    if (!splitter.isIdle) continue
    splitter.end()
    splitter = splitterAt(start)
  }
  splitter.end()
  return found
}

describe("a splitter that begins within an input", () => {
  const messageAt = (text: string, start: Start | undefined): unknown => {
    const found: Array<unknown> = []
    const splitter = makeDocumentSplitter(
      defaultLimits,
      {
        value: (value, line) => found.push([line, value]),
        damaged: ({ line, index, message }) => found.push([line, index, message])
      },
      start
    )
    splitter.push(bytesOf(text))
    splitter.end()
    return found
  }

  it("counts lines and offsets from its start", () => {
    const start = { line: 100, offset: 5000 }
    expect(messageAt('{"id":1}\n{"id":x}\n', start)).toEqual([
      [100, one],
      [101, 1, "expected a value at line 101, column 7 (byte offset 5015)"]
    ])
    expect(messageAt("x", start)).toEqual([[100, 0, "expected a JSON value at line 100, column 1 (byte offset 5000)"]])
    expect(messageAt('[\n{"a":\n', start)).toEqual([
      [101, 0, "unterminated array: expected a value at line 101, column 6 (byte offset 5007)"]
    ])
    expect(messageAt("x", undefined)).toEqual([[1, 0, "expected a JSON value at line 1, column 1 (byte offset 0)"]])
  })

  it("takes a UTF-16 mark for the start of the input only where it is", () => {
    const messageOf = (start: Start): string => {
      const messages: Array<string> = []
      const sink = { value: () => expect.unreachable(), damaged: ({ message }: Damage) => void messages.push(message) }
      const splitter = makeDocumentSplitter(defaultLimits, sink, start)
      splitter.push(bytesOf([0xff, 0xfe, 0x7b, 0]))
      splitter.end()
      return messages.join()
    }
    expect(messageOf({ line: 1, offset: 0 })).toContain("expected UTF-8 but the input is UTF-16LE")
    expect(messageOf({ line: 2, offset: 9 })).toContain("expected a JSON value at line 2, column 1 (byte offset 9)")
  })

  const idle = (...parts: ReadonlyArray<string>): boolean => {
    const splitter = makeDocumentSplitter(defaultLimits, { value: () => {}, damaged: () => {} })
    for (const part of parts) splitter.push(bytesOf(part))
    return splitter.isIdle
  }

  it.each([
    ["nothing", [""]],
    ["lines", ['{"id":1}\n{"id":2}\n']],
    ["a line in parts", ['{"id"', ":1}\n"]],
    ["blank lines", ["\n \r\n\n"]],
    ["a printed document", [`${pretty(one)}\n`]],
    ["a printed array", [`${pretty([one, two])}\n`]],
    ["a document with a row per line", ['{"rows":[\n{"id":1},\n{"id":2}\n]}\n']],
    ["scalars", ['1\n"a"\n']],
    ["a broken line", ["x {\n"]],
    ["a broken line in parts", ["x", " {", "\n"]],
    ["the end of a line longer than is parsed at once", [`{"a":"${"x".repeat(2 << 20)}"}`, "\n"]]
  ])("is idle after %s", (_, parts) => {
    expect(idle(...parts)).toBe(true)
  })

  it.each([
    ["a line", ['{"id":1}\n{"id":2']],
    ["a line that is whole but for its end", ['{"id":1}']],
    ["white space", ["\n "]],
    ["a line longer than is parsed at once", [`{"a":"${"x".repeat(2 << 20)}`]],
    ["a document", ['{\n  "id": 1,\n']],
    ["a document before its row", ['{"rows":[\n']],
    ["a document after its row", ['{"rows":[\n{"id":1}\n']],
    ["a document between its rows", ['{"rows":[\n{"id":1},\n']],
    ["an array", ["[\n"]],
    ["an array after an element", ['[\n{"id":1}\n']],
    ["an array between elements", ['[{"id":1},\n']],
    ["garbage", ["x"]],
    ["garbage in parts", ["x", " {"]],
    ["a string", ['"a']]
  ])("is not idle inside %s", (_, parts) => {
    expect(idle(...parts)).toBe(false)
  })
})

describe("any input", () => {
  const json = Arbitrary.schema(
    Schema.Array(Schema.Record(Schema.String, Schema.Union([Schema.Json, Schema.Array(Schema.Json)])))
  )
  const seed = Arbitrary.schema(Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 9999 }))))

  const forms: ReadonlyArray<readonly [name: string, write: (values: ReadonlyArray<unknown>) => string]> = [
    ["lines", (values) => values.map((value) => JSON.stringify(value)).join("\n")],
    ["lines with CRLF", (values) => values.map((value) => `${JSON.stringify(value)}\r\n`).join("")],
    ["documents side by side", (values) => values.map((value) => JSON.stringify(value)).join("")],
    ["printed documents", (values) => values.map(pretty).join("\n")],
    ["record separators", (values) => values.map((value) => `\x1e${pretty(value)}\n`).join("")],
    ["an array", (values) => JSON.stringify(values)],
    ["a printed array", (values) => pretty(values)],
    ["an array printed without indentation", (values) => pretty(values).replace(/^ +/gm, "")],
    ["an array with a row per line", (values) => `[${values.map((value) => JSON.stringify(value)).join(",\n")}]`]
  ]
  for (const [name, write] of forms) {
    it.prop(`gives back values written as ${name}`, [json, seed], ([values, sizes]) => {
      const input = bytesOf(write(values))
      const found = splitChunks(cut(input, sizesFrom(sizes)), defaultLimits)
      const expected = values.map((value): unknown => JSON.parse(JSON.stringify(value)))
      expect(found.map((item) => ("damage" in item ? item.damage : item.value))).toEqual(expected)
    })
  }

  it.prop("gives back an envelope with a row per line", [json, seed], ([values, sizes]) => {
    const text = `{"rows":[\n${values.map((value) => JSON.stringify(value)).join(",\n")}\n]}\n`
    const found = splitChunks(cut(bytesOf(text), sizesFrom(sizes)), defaultLimits)
    expect(found.map((item) => ("damage" in item ? item.damage : item.value))).toEqual([JSON.parse(text)])
  })

  // A scalar alone cannot be told from one that was cut, so what is cut is an object.
  const damageTo =
    (write: (value: unknown) => string) =>
    ([values, victim, seed]: readonly [ReadonlyArray<unknown>, unknown, number]): void => {
      const at = seed % (values.length + 1)
      const whole = write(victim)
      const texts: Array<string> = values.map(write)
      texts.splice(at, 0, whole.slice(0, 1 + (seed % (whole.length - 1))))
      const found = splitChunks(cut(bytesOf(texts.join("\n")), sizesFrom(seed)), defaultLimits)
      const kept = found.flatMap((item) => ("damage" in item ? [] : [item.value]))
      expect(kept).toEqual(values.map((value): unknown => JSON.parse(JSON.stringify(value))))
      expect(found).toHaveLength(values.length + 1)
    }
  const record = Schema.Record(Schema.String, Schema.Union([Schema.Json, Schema.Array(Schema.Json)]))
  const runs = { arbitrary: { runs: 300, size: 12 } }

  it.prop("loses one line when one is cut", [json, Arbitrary.schema(record), seed], damageTo(JSON.stringify), runs)
  it.prop("loses one printed document when one is cut", [json, Arbitrary.schema(record), seed], damageTo(pretty), runs)

  it.prop(
    "keeps the complete elements of an array that was cut",
    [json, seed],
    ([values, cutAt]) => {
      for (const text of [JSON.stringify(values), pretty(values)]) {
        const found = splitChunks(
          cut(bytesOf(text.slice(0, 1 + (cutAt % (text.length - 1)))), sizesFrom(cutAt)),
          defaultLimits
        )
        const expected = values.slice(0, found.length - 1).map((value): unknown => JSON.parse(JSON.stringify(value)))
        expect(found.slice(0, -1).map((item) => ("damage" in item ? item.damage : item.value))).toEqual(expected)
        expect(found.slice(-1)).toEqual([
          expect.objectContaining({
            damage: expect.objectContaining({ message: expect.stringContaining("unterminated array") })
          })
        ])
      }
    },
    runs
  )

  // Pieces whose mixture reaches every state of the scanner.
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "\\",
    "\n",
    "\n",
    "\n",
    "\r\n",
    " ",
    "  ",
    "\x1e",
    "1",
    "x",
    "null",
    '"a"',
    '"a":',
    '{"id":1}',
    '{"id":1}\n',
    '\n{"id":1}',
    '{\n  "a": [\n    1\n  ]\n}\n',
    '{"a":[\n',
    "[\n  {\n",
    '[{"a":\n',
    "\uFEFF",
    "é",
    "\uFFFD"
  ]
  const soup = Arbitrary.array(Arbitrary.schema(Schema.Literals(pieces)), { maxLength: 40 })
  const small: Limits = { maxRecordBytes: 24, maxNesting: 3 }

  it.prop(
    "gives the same in any chunks",
    [soup, seed],
    ([parts, sizes]) => {
      const input = bytesOf(parts.join(""))
      for (const limits of [defaultLimits, small]) {
        expectSameInChunks(input, limits)
        expect(splitChunks(cut(input, sizesFrom(sizes)), limits)).toEqual(split(input, limits))
      }
    },
    { arbitrary: { runs: 1500, size: 40 } }
  )

  it.prop(
    "gives the same when a new splitter takes over wherever the last one is idle",
    [soup, seed],
    ([parts, sizes]) => {
      const input = bytesOf(parts.join(""))
      for (const limits of [defaultLimits, small]) {
        const whole = split(input, limits)
        for (const chunks of [[1], sizesFrom(sizes), lineLengths(input)]) {
          expect(splitWhereIdle(input, chunks, limits)).toEqual(whole)
        }
      }
    },
    { arbitrary: { runs: 1000, size: 40 } }
  )

  it.prop(
    "loses nothing",
    [soup],
    ([parts]) => {
      // Every piece of text gets a mark, so that it can be found again, as a value or in a damage.
      const marks: Array<string> = []
      const marked = parts.map((part, index) => {
        if (!/[a-z1]/.test(part) || part === "null") return part
        const mark = `m${1000 + index}m`
        marks.push(mark)
        return part.replace(/"a"|(?<=[: ])1|^[1x]$/, (word) => (word === "x" ? mark : `"${mark}"`))
      })
      for (const limits of [defaultLimits, small]) {
        const found = split(bytesOf(marked.join("")), limits)
        const text = found.map((item) => ("damage" in item ? item.damage.raw : JSON.stringify(item.value))).join(" ")
        for (const mark of marks) expect(text.split(mark)).toHaveLength(2)
      }
    },
    { arbitrary: { runs: 1500, size: 40 } }
  )

  const noise = Arbitrary.schema(
    Schema.Array(Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 }))))
  )

  it.prop(
    "survives noise",
    [noise, seed],
    ([bytes, sizes]) => {
      const input = Uint8Array.from(bytes)
      expect(splitChunks(cut(input, sizesFrom(sizes)), small)).toEqual(split(input, small))
    },
    { arbitrary: { runs: 500, size: 200 } }
  )
})
