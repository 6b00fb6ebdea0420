/**
 * Where messages to addresses that others chose may go: not into one's own network, unless that is allowed. A name is looked up
 * once for a connection, all of its addresses are checked, and the connection is made to one of these.
 */
import { lookup } from "node:dns/promises"
import { BlockList, isIP } from "node:net"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { isLoopback } from "../domain/loopback.ts"
import { UnsentError } from "../provider/http/UnsentError.ts"

type Ranges = ReadonlyArray<readonly [network: string, bits: number]>

/** Of IANA's registry of special addresses those that somebody's own network uses. */
const PRIVATE_IPV4: Ranges = [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16]
]

const PRIVATE_IPV6: Ranges = [
  ["::1", 128],
  ["fc00::", 7]
]

/** Those of the registry where nobody receives: this host, link-local, protocols, documentation, benchmarks, multicast, reserved. */
const UNUSABLE_IPV4: Ranges = [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4]
]

const UNUSABLE_IPV6: Ranges = [
  ["2001::", 23],
  ["2001:db8::", 32],
  // 6to4 holds an IPv4 address, which a relay would ask.
  ["2002::", 16],
  ["3fff::", 20]
]

/** Services of clouds that tell a machine its credentials: of Alibaba and Azure, and over IPv6 of Amazon and Google. */
const METADATA_IPV4: Ranges = [
  ["100.100.100.200", 32],
  ["168.63.129.16", 32]
]

const METADATA_IPV6: Ranges = [
  ["fd00:ec2::254", 128],
  ["fd20:ce::254", 128]
]

/** NAT64's own prefix: an IPv4 address follows it (RFC 6052). */
const NAT64 = "64:ff9b::"
const NAT64_BITS = 96

/** Of IPv6 only this is the internet. Mapped IPv4 addresses a list checks by its rules for IPv4. */
const GLOBAL_IPV6: Ranges = [
  ["2000::", 3],
  ["::ffff:0.0.0.0", 96],
  [NAT64, NAT64_BITS]
]

const listOf = (ipv4: Ranges, ipv6: Ranges): BlockList => {
  const list = new BlockList()
  for (const [network, bits] of ipv4) {
    list.addSubnet(network, bits, "ipv4")
    list.addSubnet(NAT64 + network, NAT64_BITS + bits, "ipv6")
  }
  for (const [network, bits] of ipv6) list.addSubnet(network, bits, "ipv6")
  return list
}

const NEVER = listOf([...UNUSABLE_IPV4, ...METADATA_IPV4], [...UNUSABLE_IPV6, ...METADATA_IPV6])
const PRIVATE = listOf(PRIVATE_IPV4, PRIVATE_IPV6)
const GLOBAL = listOf([["0.0.0.0", 0]], GLOBAL_IPV6)

/** Whether a connection to this IP address may be made. */
export const isAllowedAddress = (address: string, allowPrivate: boolean): boolean => {
  if (isIP(address) === 0) return false
  const family = isIP(address) === 4 ? "ipv4" : "ipv6"
  if (NEVER.check(address, family)) return false
  return PRIVATE.check(address, family) ? allowPrivate : GLOBAL.check(address, family)
}

interface Found {
  readonly address: string
  readonly family: number
}

/** The addresses of a name. */
export type Resolve = (hostname: string) => Promise<ReadonlyArray<Found>>

/** As Node's sockets look names up. Types that are published need none of Node's. */
export type Lookup = (
  hostname: string,
  options: { readonly all?: boolean | undefined },
  found: (error: Error | null, address: string | Array<Found>, family?: number) => void
) => void

const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true })

/** Tells what happened where the address is one that may not be asked. */
export const ADDRESS_NOT_ALLOWED = "ADDRESS_NOT_ALLOWED"

/** One forbidden address among several is enough: who chooses the name chooses which of them is asked. */
export const allowedLookup =
  (allowPrivate: boolean, resolve: Resolve = resolveBySystem): Lookup =>
  (hostname, { all }, found) => {
    resolve(hostname)
      .then((answers) => {
        const [first] = answers
        if (first === undefined || !answers.every(({ address }) => isAllowedAddress(address, allowPrivate)))
          throw new UnsentError("the name leads to an address that is not allowed", { code: ADDRESS_NOT_ALLOWED })
        return { answers, first }
      })
      .then(
        ({ answers, first }) => (all === true ? found(null, [...answers]) : found(null, first.address, first.family)),
        (error: Error) => found(error, [])
      )
  }

/** What keeps an address from being one to post to; a name is checked when it is looked up. */
export const urlFault = (field: string, text: string, allowPrivate: boolean): FieldFault | undefined => {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:"))
    return { field, expected: "an address that begins with https://" }
  if (url.username !== "" || url.password !== "") return { field, expected: "an address without user and password" }
  if (url.protocol === "http:" && !(allowPrivate && isLoopback(url.href)))
    return { field, expected: "https: http goes to a loopback address alone, and only with allowPrivate" }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1")
  const isRefused = isIP(host) === 0 ? !allowPrivate && isLoopback(url.href) : !isAllowedAddress(host, allowPrivate)
  if (!isRefused) return undefined
  return {
    field,
    expected: `an address on the internet${allowPrivate ? " or in a private network" : ", or allowPrivate"}`
  }
}
