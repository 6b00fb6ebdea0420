import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { type CsvOptions, makeCsvReader } from "../../src/normalize/reading/csv.ts"
import { defaultLimits, type Limits } from "../../src/normalize/reading/documents.ts"

const encoder = new TextEncoder()

const bytesOf = (input: string | ReadonlyArray<number>): Uint8Array =>
  typeof input === "string" ? encoder.encode(input) : Uint8Array.from(input)

/** A value as `[line, value]` or `[line, value, provider]`, a damage as `[line, raw, message]` with `damage: true`. */
type Found = { readonly line: number; readonly index: number } & (
  | { readonly value: unknown; readonly provider?: string }
  | { readonly raw: string; readonly message: string }
)

const readChunks = (
  input: Uint8Array,
  sizes: ReadonlyArray<number>,
  options: CsvOptions,
  limits: Limits
): ReadonlyArray<Found> => {
  const found: Array<Found> = []
  const reader = makeCsvReader(options, limits, {
    value: (value, line, index, provider) =>
      found.push(provider === undefined ? { value, line, index } : { value, line, index, provider }),
    damaged: ({ line, index, raw, message }) => found.push({ line, index, raw, message })
  })
  for (let at = 0, turn = 0; at < input.length; turn++) {
    const chunk = input.slice(at, at + (sizes[turn % sizes.length] ?? 1))
    reader.push(chunk)
    at += chunk.length
    chunk.fill(0x22)
  }
  reader.end()
  return found
}

const read = (input: Uint8Array, options: CsvOptions = {}, limits: Limits = defaultLimits): ReadonlyArray<Found> => {
  const whole = readChunks(input, [input.length], options, limits)
  for (const sizes of [[1], [7, 1, 3], [2, 50, 1], [64]]) {
    expect(readChunks(input, sizes, options, limits)).toEqual(whole)
  }
  expect(whole.map(({ index }) => index)).toEqual(whole.map((_, index) => index))
  return whole
}

const seen = (found: ReadonlyArray<Found>): ReadonlyArray<unknown> =>
  found.map((item) => {
    if ("message" in item) return { line: item.line, raw: item.raw, message: item.message }
    return item.provider === undefined ? [item.line, item.value] : [item.line, item.value, item.provider]
  })

const damage = (line: number, raw: string, message: string): unknown => ({
  line,
  raw,
  message: expect.stringContaining(message)
})

type Case = readonly [
  name: string,
  input: string | ReadonlyArray<number>,
  options: CsvOptions,
  expected: ReadonlyArray<unknown>
]

const payload: CsvOptions = { payloadColumn: "payload" }
const both: CsvOptions = { payloadColumn: "payload", providerColumn: "provider" }

const cases: ReadonlyArray<Case> = [
  ["an empty file", "", {}, []],
  ["a byte order mark alone", [0xef, 0xbb, 0xbf], {}, []],
  ["a header alone", "a,b\n", {}, []],
  [
    "rows as payloads",
    "a,b\n1,x\n,y\n",
    {},
    [
      [2, { a: "1", b: "x" }],
      [3, { b: "y" }]
    ]
  ],
  [
    "a last row without line break",
    "a,b\r\n1,x\r\n2,y",
    {},
    [
      [2, { a: "1", b: "x" }],
      [3, { a: "2", b: "y" }]
    ]
  ],
  [
    "old Mac line ends",
    "a,b\r1,x\r2,y",
    {},
    [
      [2, { a: "1", b: "x" }],
      [3, { a: "2", b: "y" }]
    ]
  ],
  [
    "a byte order mark",
    '\uFEFF"a\nb",c\n1,\uFEFF2\n\uFEFF3,4\n',
    {},
    [
      [3, { "a\nb": "1", c: "\uFEFF2" }],
      [4, { "a\nb": "\uFEFF3", c: "4" }]
    ]
  ],
  [
    "blank rows",
    "\n\na,b\n\n1,x\n,\n  \n2,y\n",
    {},
    [
      [5, { a: "1", b: "x" }],
      [8, { a: "2", b: "y" }]
    ]
  ],
  ["semicolons", 'a;"b,;"\n1,5;x\n', {}, [[2, { a: "1,5", "b,;": "x" }]]],
  ["another delimiter before a quote", 'a,b\n1;"x,2\n', {}, [[2, { a: '1;"x', b: "2" }]]],
  ["tabs", "a\tb\n1,5\tx;y\n", {}, [[2, { a: "1,5", b: "x;y" }]]],
  [
    "one column",
    "id\n1\n\n2\n",
    {},
    [
      [2, { id: "1" }],
      [4, { id: "2" }]
    ]
  ],
  [
    "quotes and line breaks",
    'a,b\n"x""y\r\n,z",""\n2,"w"\n',
    {},
    [
      [2, { a: 'x"y\r\n,z' }],
      [4, { a: "2", b: "w" }]
    ]
  ],
  ["JSON in cells", 'a,b\n"{""x"":[1]}",[broken\n', {}, [[2, { a: { x: [1] }, b: "[broken" }]]],
  [
    "double and empty headers",
    "id,,id,id_2,\n1,2,3,4,5\n",
    {},
    [[2, { id: "1", column_2: "2", id_3: "3", id_2: "4", column_5: "5" }]]
  ],
  [
    "a payload column",
    'id,payload\n1,"{""x"":1}"\n2,"[1,\n2]"\n3,4\n',
    payload,
    [
      [2, { x: 1 }],
      [3, [1, 2]],
      [5, 4]
    ]
  ],
  ["a payload column in other letters", "Payload \n{}\n", payload, [[2, {}]]],
  [
    "a provider column",
    "payload,provider\n{},retell\n[], \n",
    both,
    [
      [2, {}, "retell"],
      [3, []]
    ]
  ],
  [
    "rows with a provider column",
    "id,kind\n1,vapi\n",
    { providerColumn: "kind" },
    [[2, { id: "1", kind: "vapi" }, "vapi"]]
  ],
  [
    "a guessed payload column",
    "id,Body\n1,{}\n2,text\n",
    {},
    [
      [2, {}],
      [3, { id: "2", Body: "text" }]
    ]
  ],
  ["two columns that may hold the payload", "data,raw\n{},[]\n", {}, [[2, { data: {}, raw: [] }]]],
  [
    "JSON without quotes between tabs",
    'id\tpayload\n1\t{"x":"a,b"}\n2\t{}\n',
    {},
    [
      [2, { x: "a,b" }],
      [3, {}]
    ]
  ],
  [
    "a broken payload",
    'id,payload\n1,"{""x"""\n2,{}\n3,\n',
    payload,
    [
      damage(2, '1,"{""x"""', 'expected JSON in column "payload", in row 2 at line 2, column 1 (byte offset 11)'),
      [3, {}],
      damage(4, "3,", 'expected JSON in column "payload", in row 4')
    ]
  ],
  [
    "a broken payload in a guessed column",
    "id,payload\n1,{\n",
    {},
    [damage(2, "1,{", 'expected JSON in column "payload"')]
  ],
  [
    "too few and too many cells",
    "a,b\n1\n2,x\n3,y,z\n",
    {},
    [
      damage(2, "1", "expected 2 cells but found 1, in row 2"),
      [3, { a: "2", b: "x" }],
      damage(4, "3,y,z", "expected 2 cells but found 3, in row 4")
    ]
  ],
  [
    "a quote in the wrong place",
    'a,b\n"x"y,1\n2,x"y\n3,"x"\n4,z"\n',
    {},
    [damage(2, '"x"y,1', "in row 2"), [3, { a: "2", b: 'x"y' }], [4, { a: "3", b: "x" }], [5, { a: "4", b: 'z"' }]]
  ],
  [
    "a quote that is not closed",
    'a,b\n1,x\n2,"y\n3,z\n4,w',
    {},
    [
      [2, { a: "1", b: "x" }],
      damage(3, '2,"y\n3,z\n4,w', "expected a closing quote before the end of the input, in row 3")
    ]
  ],
  [
    "a quote that is not closed in the header",
    'a,"b\n1,x\n',
    {},
    [damage(1, 'a,"b\n1,x\n', "expected a closing quote")]
  ],
  [
    "bad UTF-8",
    [97, 44, 98, 10, 49, 44, 0xff, 10, 50, 44, 120, 10],
    {},
    [damage(2, "1,\uFFFD", "invalid UTF-8, in row 2"), [3, { a: "2", b: "x" }]]
  ],
  [
    "bad UTF-8 in the header",
    [0xff, 44, 98, 10, 49, 44, 50],
    {},
    [damage(1, "\uFFFD,b\n1,2", "invalid UTF-8, in the header")]
  ],
  [
    "UTF-16",
    [0xff, 0xfe, 97, 0, 44, 0, 98, 0, 10, 0, 49, 0],
    {},
    [damage(1, "a,b\n1", "expected UTF-8 but the input is UTF-16LE")]
  ],
  [
    "a column that is not there",
    "\nid,body\n1,{}\n2,{}",
    both,
    [
      damage(
        2,
        "id,body\n1,{}\n2,{}",
        'expected a column "payload", "provider", the columns are "id", "body", in the header at line 2'
      )
    ]
  ]
]

describe("CSV files", () => {
  it.each(cases)("%s", (_, input, options, expected) => {
    expect(seen(read(bytesOf(input), options))).toEqual(expected)
  })

  it("cannot set a prototype", () => {
    const [found] = read(bytesOf('__proto__,constructor\n"{""polluted"":1}",x\n'))
    const value = found !== undefined && "value" in found ? found.value : undefined
    expect(Object.keys(Object(value))).toEqual(["__proto__", "constructor"])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false)
  })

  it("does not quote cells in messages", () => {
    const found = read(bytesOf('id,payload\n1,{secret\nsecret\n"secret"secret,1\n2,"secret'), payload)
    expect(found).toHaveLength(4)
    expect(found.flatMap((item) => ("message" in item ? [item.message] : ["value"])).join()).not.toMatch(/secret|value/)
  })

  it("does not name columns that look like data when one is missing", () => {
    const header = '+1 202 555 0100,ann@example.org,"a1b2c3d4e5",٠١٢٣٤,1234,order_id'
    expect(seen(read(bytesOf(`${header}\n1,2,3,4,5,6`), payload))).toEqual([
      damage(
        1,
        `${header}\n1,2,3,4,5,6`,
        'expected a column "payload", the columns are (data), (data), (data), (data), "1234", "order_id", in the header'
      )
    ])
  })

  it("damages rows that are too long", () => {
    const limits: Limits = { maxRecordBytes: 10, maxNesting: 500 }
    const long = `"${"x\n".repeat(10)}",1`
    expect(seen(read(bytesOf(`a,b\n1,2\n${long}\n3,4\n`), {}, limits))).toEqual([
      [2, { a: "1", b: "2" }],
      damage(3, long, "record longer than 10 bytes, in row 3"),
      [14, { a: "3", b: "4" }]
    ])
    expect(seen(read(bytesOf("a,b,c,d,e,f\n1"), {}, limits))).toEqual([
      damage(1, "a,b,c,d,e,f\n1", "record longer than 10 bytes, in the header")
    ])
  })

  it("keeps a row without end from taking memory", () => {
    let text = ""
    const reader = makeCsvReader({}, defaultLimits, {
      value: () => expect.unreachable(),
      damaged: ({ raw, message }) => {
        expect(message).toContain("record longer than 67108864 bytes, in row 2")
        text = raw
      }
    })
    reader.push(bytesOf('a\n"'))
    for (let block = 0; block < 1100; block++) reader.push(new Uint8Array(65536).fill(0x78))
    reader.end()
    expect(text).toHaveLength(1 << 20)
  })

  it("does not parse deep cells", () => {
    const deep = "[".repeat(1 << 21)
    const found = read(bytesOf(`payload\n${deep}\n`), payload)
    expect(found.map((item) => ("message" in item ? item.message : item.value))).toEqual([
      expect.stringContaining('nesting deeper than 500 levels in column "payload"')
    ])
    expect(read(bytesOf(`x\n${deep}\n`))).toEqual([{ value: { x: deep }, line: 2, index: 0 }])
  })

  const values = Arbitrary.schema(Schema.Array(Schema.Record(Schema.String, Schema.Json)))
  const seed = Arbitrary.schema(Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 1, maximum: 40 }))))

  it.prop("give back payloads", [values, seed], ([payloads, size]) => {
    for (const delimiter of [",", ";", "\t"]) {
      const rows = payloads.map(
        (value, row) => `${row}${delimiter}"${JSON.stringify(value, null, 1).replaceAll('"', '""')}"`
      )
      const input = bytesOf([`id${delimiter}payload`, ...rows].join("\r\n"))
      const found = readChunks(input, [size, 3, 17], {}, defaultLimits)
      const expected = payloads.map((value): unknown => JSON.parse(JSON.stringify(value)))
      expect(found.map((item) => ("message" in item ? item : item.value))).toEqual(expected)
    }
  })

  const pieces = ["a", ",", '"', '""', "\n", "\r", "\r\n", ";", "{}", "{", " ", '"x"', "\uFEFF", "é", "\uFFFD"]
  const soup = Arbitrary.array(Arbitrary.schema(Schema.Literals(pieces)), { maxLength: 40 })

  it.prop(
    "give the same in any chunks and lose nothing",
    [soup],
    ([parts]) => {
      const input = bytesOf(`a,b\n${parts.map((part, at) => (part === "a" ? `m${100 + at}m` : part)).join("")}`)
      for (const limits of [defaultLimits, { maxRecordBytes: 12, maxNesting: 3 }]) {
        const text = read(input, {}, limits)
          .map((item) => ("message" in item ? item.raw : JSON.stringify(item.value)))
          .join()
        parts.forEach((part, at) => part === "a" && expect(text.split(`m${100 + at}m`)).toHaveLength(2))
      }
    },
    { arbitrary: { runs: 500, size: 40 } }
  )
})
