import { describe, expect, it } from "vitest"
import { parseInstant, latest, momentOrDayGiven, secondsBetween } from "../../src/domain/Instant.ts"

const instant = (raw: unknown) => {
  const parsed = parseInstant(raw)
  if (parsed === undefined) throw new Error(`not an instant: ${JSON.stringify(raw)}`)
  return parsed
}

describe("instants", () => {
  it.each([
    ["2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00.000Z"],
    ["2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000Z"],
    ["2026-03-01T10:00Z", "2026-03-01T10:00:00.000Z"],
    ["2026-03-01t10:00:00z", "2026-03-01T10:00:00.000Z"],
    ["2026-03-01 10:00:00Z", "2026-03-01T10:00:00.000Z"],
    ["2026-03-01T10:00:00.5Z", "2026-03-01T10:00:00.500Z"],
    ["2026-03-01T10:00:00,25Z", "2026-03-01T10:00:00.250Z"],
    ["2026-03-01T10:00:00.9999999Z", "2026-03-01T10:00:00.999Z"],
    ["2026-03-01T10:00:00.123456789+00:00", "2026-03-01T10:00:00.123Z"],
    ["2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00.000Z"],
    ["2026-03-01T10:00:00+0530", "2026-03-01T04:30:00.000Z"],
    ["2026-03-01T10:00:00-08", "2026-03-01T18:00:00.000Z"],
    ["2026-03-01T10:00:00-00:00", "2026-03-01T10:00:00.000Z"],
    ["2026-03-01T10:00:00+14:00", "2026-02-28T20:00:00.000Z"],
    ["2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z"],
    ["2028-02-29T12:00:00Z", "2028-02-29T12:00:00.000Z"],
    ["2000-02-29T12:00:00.000Z", "2000-02-29T12:00:00.000Z"],
    ["2024-02-29T23:59:59.999-01:00", "2024-03-01T00:59:59.999Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"]
  ])("reads the text %s", (raw, expected) => {
    expect(parseInstant(raw)).toBe(expected)
  })

  it.each([
    ["Sun, 29 Nov 2026 13:40:00 +0000", "2026-11-29T13:40:00.000Z"],
    ["Sun, 29 Nov 2026 13:40:00 GMT", "2026-11-29T13:40:00.000Z"],
    ["29 Nov 2026 13:40:00 +0000", "2026-11-29T13:40:00.000Z"],
    ["29 Nov 2026 13:40 UT", "2026-11-29T13:40:00.000Z"],
    ["Sun, 29 Nov 2026 13:40:00 +0530", "2026-11-29T08:10:00.000Z"],
    ["Sun, 29 Nov 2026 23:40:00 -0800", "2026-11-30T07:40:00.000Z"],
    ["Sun, 29 Nov 2026 13:40:00 -0000", "2026-11-29T13:40:00.000Z"],
    ["Sun, 1 Mar 2026 10:00:00 UTC", "2026-03-01T10:00:00.000Z"],
    ["Sun,  1 Mar 2026 10:00:00 Z", "2026-03-01T10:00:00.000Z"],
    ["sun, 01 mar 2026 10:00:00 gmt", "2026-03-01T10:00:00.000Z"],
    ["Sun, 01 Mar 2026 10:00:00 +0000 (UTC)", "2026-03-01T10:00:00.000Z"],
    ["Tue, 29 Feb 2028 12:00:00 GMT", "2028-02-29T12:00:00.000Z"]
  ])("reads the RFC 2822 text %s", (raw, expected) => {
    expect(parseInstant(raw)).toBe(expected)
  })

  it.each([
    [1e8, "1973-03-03T09:46:40.000Z"],
    [1772355600, "2026-03-01T09:00:00.000Z"],
    [1772355600.25, "2026-03-01T09:00:00.250Z"],
    [1772355600.001, "2026-03-01T09:00:00.001Z"],
    [99_999_999_999, "5138-11-16T09:46:39.000Z"],
    [1e11, "1973-03-03T09:46:40.000Z"],
    [1772355600000, "2026-03-01T09:00:00.000Z"],
    [1772355600123, "2026-03-01T09:00:00.123Z"],
    [1e14, "5138-11-16T09:46:40.000Z"],
    ["1772355600", "2026-03-01T09:00:00.000Z"],
    ["1772355600000", "2026-03-01T09:00:00.000Z"],
    ["1772355600.5", "2026-03-01T09:00:00.500Z"]
  ])("reads the epoch %j", (raw, expected) => {
    expect(parseInstant(raw)).toBe(expected)
  })

  it.each([
    ["30 February", "2026-02-30T10:00:00Z"],
    ["30 February in canonical form", "2026-02-30T10:00:00.000Z"],
    ["29 February of no leap year", "2026-02-29T10:00:00.000Z"],
    ["29 February 2100", "2100-02-29T10:00:00.000Z"],
    ["31 April", "2026-04-31T10:00:00.000Z"],
    ["day 0", "2026-03-00T10:00:00.000Z"],
    ["month 13", "2026-13-01T10:00:00Z"],
    ["month 0", "2026-00-01T10:00:00.000Z"],
    ["leap second", "2016-12-31T23:59:60Z"],
    ["leap second in canonical form", "2016-12-31T23:59:60.000Z"],
    ["24:00", "2026-03-01T24:00:00Z"],
    ["24:00 in canonical form", "2026-03-01T24:00:00.000Z"],
    ["minute 60", "2026-03-01T10:60:00Z"],
    ["offset of a day", "2026-03-01T10:00:00+24:00"],
    ["offset minute 60", "2026-03-01T10:00:00+05:60"],
    ["no zone", "2026-03-01T10:00:00"],
    ["no zone, milliseconds", "2026-03-01T10:00:00.000"],
    ["no zone, space", "2026-03-01 10:00:00"],
    ["named zone", "2026-03-01T10:00:00 UTC"],
    ["zone in brackets", "2026-03-01T10:00:00+01:00[Europe/Paris]"],
    ["date only", "2026-03-01"],
    ["hour only", "2026-03-01T10Z"],
    ["week date", "2026-W09-7T10:00:00Z"],
    ["RFC 2822 without a zone", "Sun, 01 Mar 2026 10:00:00"],
    ["RFC 2822 with a weekday of another date", "Mon, 01 Mar 2026 10:00:00 +0000"],
    ["RFC 2822 with a zone whose name has two meanings", "Sun, 01 Mar 2026 10:00:00 CST"],
    ["RFC 2822 with a zone of the United States", "Sun, 01 Mar 2026 10:00:00 EST"],
    ["RFC 2822 with a military zone", "Sun, 01 Mar 2026 10:00:00 A"],
    ["RFC 2822 with a year of two digits", "Sun, 01 Mar 26 10:00:00 +0000"],
    ["RFC 2822 on 30 February", "30 Feb 2026 10:00:00 +0000"],
    ["RFC 2822 at 24:00", "01 Mar 2026 24:00:00 +0000"],
    ["RFC 2822 with a leap second", "31 Dec 2016 23:59:60 +0000"],
    ["RFC 2822 with offset minute 60", "01 Mar 2026 10:00:00 +0060"],
    ["RFC 2822 with a comment for a zone", "01 Mar 2026 10:00:00 (UTC)"],
    ["RFC 2822 with a word after it", "01 Mar 2026 10:00:00 +0000 about"],
    ["RFC 2822 with a month nobody knows", "01 Mrz 2026 10:00:00 +0000"],
    ["RFC 2822 with a whole month", "01 March 2026 10:00:00 +0000"],
    ["RFC 850", "Sunday, 01-Mar-26 10:00:00 GMT"],
    ["asctime", "Sun Mar  1 10:00:00 2026"],
    ["what Date prints", "Sun Mar 01 2026 10:00:00 GMT+0000 (Coordinated Universal Time)"],
    ["American", "03/01/2026 10:00:00Z"],
    ["empty fraction", "2026-03-01T10:00:00.Z"],
    ["space before", " 2026-03-01T10:00:00Z"],
    ["line after", "2026-03-01T10:00:00Z\n"],
    ["year of five digits", "+12026-03-01T10:00:00Z"],
    ["before year 0 by its offset", "0000-01-01T00:00:00+01:00"],
    ["after year 9999 by its offset", "9999-12-31T23:59:59-01:00"],
    ["other digits", "２０２６-03-01T10:00:00Z"],
    ["empty text", ""],
    ["words", "yesterday"],
    ["signed epoch text", "+1772355600"],
    ["exponent text", "1.77e9"],
    ["hexadecimal text", "0x69A3F0D0"],
    ["grouped text", "1,772,355,600"],
    ["number below epoch seconds", 1e8 - 1],
    ["number above epoch milliseconds", 1e14 + 1],
    ["negative number", -1772355600],
    ["zero", 0],
    ["NaN", Number.NaN],
    ["infinity", Number.POSITIVE_INFINITY],
    ["true", true],
    ["an object", {}],
    ["an array", ["2026-03-01T10:00:00Z"]],
    ["null", null],
    ["a Date", new Date(0)],
    ["a bigint", 1772355600n]
  ])("refuses %s", (_, raw) => {
    expect(parseInstant(raw)).toBeUndefined()
  })

  it("reads what it has written as the same instant", () => {
    for (const raw of ["2026-03-01T10:00:00+02:00", 1772355600.123, "1772355600123"]) {
      expect(parseInstant(instant(raw))).toBe(instant(raw))
    }
  })

  it("compares as text in order of time", () => {
    const times = [1e8, 1e9, 1772355600, 99_999_999_999].map(instant)
    expect([...times].toSorted()).toEqual(times)
  })
})

describe("a moment that a person gives", () => {
  it.each([
    ["2026-03-01", "2026-03-01T00:00:00.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
    ["2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00.000Z"]
  ])("is %s", (text, expected) => {
    expect(momentOrDayGiven(text)).toBe(expected)
  })

  it.each([
    "2026-02-30",
    "2026-3-1",
    "20260301",
    "1772355600",
    "2026-03-01T10:00:00",
    "Sun, 1 Mar 2026 10:00:00 -0000",
    " 2026-03-01",
    ""
  ])("is not %j", (text) => {
    expect(momentOrDayGiven(text)).toBeUndefined()
  })
})

describe("seconds between instants", () => {
  it.each([
    ["2026-03-01T10:00:00Z", "2026-03-01T10:00:07.25Z", 7.25],
    ["2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z", 0],
    ["2026-03-01T10:00:01Z", "2026-03-01T10:00:00Z", undefined]
  ])("from %s to %s are %j", (from, to, seconds) => {
    expect(secondsBetween(instant(from), instant(to))).toBe(seconds)
  })

  it("are not known where one is missing", () => {
    expect(secondsBetween(undefined, instant(1e9))).toBeUndefined()
    expect(secondsBetween(instant(1e9), undefined)).toBeUndefined()
  })
})

describe("the latest of instants", () => {
  it("leaves out what is missing", () => {
    expect(latest(undefined, instant(2e9), undefined, instant(1e9))).toBe(instant(2e9))
    expect(latest(undefined, undefined)).toBeUndefined()
    expect(latest()).toBeUndefined()
  })
})
