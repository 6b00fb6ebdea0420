/** Which addresses may be connected to, whoever chose them and however they are written. */
import type { LookupAddress } from "node:dns"
import { describe, expect, it } from "vitest"
import {
  ADDRESS_NOT_ALLOWED,
  allowedLookup,
  isAllowedAddress,
  type Resolve,
  urlFault
} from "../../src/node/allowedAddress.ts"

describe("an address", () => {
  it.each([
    ["8.8.8.8", "on the internet"],
    ["172.15.255.255", "below the private range"],
    ["172.32.0.0", "above the private range"],
    ["100.63.255.255", "below the range of carriers"],
    ["192.0.1.1", "beside the documentation's"],
    ["2606:4700::1111", "on the internet, IPv6"],
    ["2a00:1450:4001:800::200e", "on the internet, IPv6"],
    ["::ffff:8.8.8.8", "mapped"],
    ["::ffff:808:808", "mapped, in hexadecimal"],
    ["64:ff9b::8.8.8.8", "behind NAT64"]
  ])("%s is allowed: %s", (address) => {
    expect([isAllowedAddress(address, false), isAllowedAddress(address, true)]).toEqual([true, true])
  })

  it.each([
    ["127.0.0.1", "loopback"],
    ["127.255.255.254", "loopback"],
    ["10.0.0.1", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.168.1.1", "private"],
    ["100.64.0.1", "carriers' NAT"],
    ["::1", "loopback"],
    ["fc00::1", "unique local"],
    ["fdff:ffff::1", "unique local"],
    ["::ffff:127.0.0.1", "loopback, mapped"],
    ["::ffff:a00:1", "private, mapped"],
    ["0:0:0:0:0:ffff:c0a8:0101", "private, mapped, at length"],
    ["64:ff9b::10.0.0.1", "private, behind NAT64"],
    ["64:ff9b::7f00:1", "loopback, behind NAT64"]
  ])("%s is allowed only where private ones are: %s", (address) => {
    expect([isAllowedAddress(address, false), isAllowedAddress(address, true)]).toEqual([false, true])
  })

  it.each([
    ["0.0.0.0", "this host"],
    ["0.1.2.3", "this network"],
    ["169.254.169.254", "metadata"],
    ["169.254.1.1", "link-local"],
    ["100.100.100.200", "metadata"],
    ["168.63.129.16", "metadata"],
    ["192.0.0.192", "metadata"],
    ["192.0.2.1", "documentation"],
    ["198.18.0.1", "benchmarks"],
    ["198.51.100.1", "documentation"],
    ["203.0.113.1", "documentation"],
    ["224.0.0.1", "multicast"],
    ["255.255.255.255", "broadcast"],
    ["::", "unspecified"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "link-local, with a zone"],
    ["fec0::1", "site-local"],
    ["ff02::1", "multicast"],
    ["fd00:ec2::254", "metadata"],
    ["fd20:ce::254", "metadata"],
    ["2001:db8::1", "documentation"],
    ["2001::1", "Teredo"],
    ["2002:a00:1::", "6to4"],
    ["3fff::1", "documentation"],
    ["100::1", "discard"],
    ["::10.0.0.1", "compatible"],
    ["::8.8.8.8", "compatible"],
    ["::ffff:169.254.169.254", "metadata, mapped"],
    ["64:ff9b::169.254.169.254", "metadata, behind NAT64"],
    ["64:ff9b:1::8.8.8.8", "a NAT64 of one's own"],
    ["::ffff:0:127.0.0.1", "translated"],
    ["2130706433", "no address"],
    ["example.com", "no address"],
    ["", "no address"]
  ])("%s is never allowed: %s", (address) => {
    expect([isAllowedAddress(address, false), isAllowedAddress(address, true)]).toEqual([false, false])
  })
})

describe("where to post", () => {
  const isFree = (text: string, allowPrivate = false) => urlFault("url", text, allowPrivate) === undefined

  it.each([
    "https://example.com",
    "https://example.com:8443/hooks?key=1",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/"
  ])("%s is one", (text) => expect([isFree(text), isFree(text, true)]).toEqual([true, true]))

  it.each([
    "https://localhost/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f.0.0.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://127。0。0。1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://10.1.2.3/",
    "https://[fd00::1]/",
    "http://127.0.0.1:8080/",
    "http://localhost/"
  ])("%s is one only where private addresses are allowed", (text) => {
    expect([isFree(text), isFree(text, true)]).toEqual([false, true])
  })

  it.each([
    "http://example.com/",
    "http://10.1.2.3/",
    "ftp://example.com/",
    "example.com",
    "",
    "https://",
    "https://user@example.com/",
    "https://:word@example.com/",
    "https://169.254.169.254/latest/meta-data",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://0/",
    "file:///etc/passwd",
    "javascript:alert(1)"
  ])("%s is none", (text) => {
    expect([isFree(text), isFree(text, true)]).toEqual([false, false])
  })

  it("is not told where it is refused", () => {
    const fault = urlFault("outbox.crm.url", "https://ada:lovelace@example.com/hook", false)
    expect(fault).toMatchObject({ field: "outbox.crm.url" })
    expect(JSON.stringify(fault)).not.toMatch(/ada|lovelace|example|hook/)
  })
})

describe("looking a name up", () => {
  type Found = readonly [error: unknown, address: string | Array<LookupAddress>, family: number | undefined]

  const found = (resolve: Resolve, all: boolean, allowPrivate = false) =>
    new Promise<Found>((done) =>
      allowedLookup(allowPrivate, resolve)("hooks.example", { all }, (error, address, family) =>
        done([error, address, family])
      )
    )

  const answers =
    (...addresses: ReadonlyArray<string>): Resolve =>
    async () =>
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))

  it("gives what was checked, all or the first", async () => {
    const resolve = answers("8.8.8.8", "2606:4700::1111")
    expect(await found(resolve, true)).toEqual([
      null,
      [
        { address: "8.8.8.8", family: 4 },
        { address: "2606:4700::1111", family: 6 }
      ],
      undefined
    ])
    expect(await found(resolve, false)).toEqual([null, "8.8.8.8", 4])
  })

  it.each([[["10.0.0.1"]], [["8.8.8.8", "127.0.0.1"]], [["8.8.8.8", "::1"]], [["fe80::1%2"]], [[]]])(
    "refuses %j as a whole",
    async (addresses) => {
      for (const all of [true, false])
        expect(await found(answers(...addresses), all)).toMatchObject([{ code: ADDRESS_NOT_ALLOWED }, [], undefined])
    }
  )

  it("fails as the system does", async () => {
    const error = Object.assign(new Error("no such name"), { code: "ENOTFOUND" })
    expect(await found(() => Promise.reject(error), true)).toEqual([error, [], undefined])
  })
})
