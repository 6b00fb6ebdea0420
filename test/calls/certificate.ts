/**
 * Self-signed certificates for servers on this machine, made when they are needed: nothing secret is kept in a file, and
 * none runs out. X.509 in DER, RFC 5280.
 */
import { generateKeyPairSync, sign } from "node:crypto"

export interface Certificate {
  /** PEM. */
  readonly cert: string
  readonly key: string
}

export interface CertificateOptions {
  /** Names and IPv4 addresses for which it holds. */
  readonly names: ReadonlyArray<string>
  readonly validFrom: Date
  readonly validTo: Date
}

type Bytes = Uint8Array

const der = (tag: number, ...contents: ReadonlyArray<Bytes>): Bytes => {
  const body = Buffer.concat(contents)
  const { length } = body
  const sized = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Uint8Array.of(tag, ...sized), body])
}

const sequence = (...contents: ReadonlyArray<Bytes>): Bytes => der(0x30, ...contents)
const integer = (value: number): Bytes => der(0x02, Uint8Array.of(value))
const oid = (hex: string): Bytes => der(0x06, Buffer.from(hex, "hex"))
const text = (value: string): Bytes => der(0x0c, Buffer.from(value))

const COMMON_NAME = oid("550403")
const SUBJECT_ALT_NAME = oid("551d11")
const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"))

const utcTime = (date: Date): Bytes =>
  der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`))

const generalName = (name: string): Bytes =>
  /^\d+\.\d+\.\d+\.\d+$/.test(name)
    ? der(0x87, Uint8Array.from(name.split("."), Number))
    : der(0x82, Buffer.from(name, "ascii"))

const pem = (label: string, bytes: Bytes): string =>
  [
    `-----BEGIN ${label}-----`,
    ...(Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? []),
    `-----END ${label}-----`,
    ""
  ].join("\n")

export const makeCertificate = ({ names, validFrom, validTo }: CertificateOptions): Certificate => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const name = sequence(der(0x31, sequence(COMMON_NAME, text(names[0] ?? "test"))))
  const altNames = sequence(SUBJECT_ALT_NAME, der(0x04, sequence(...names.map(generalName))))
  const content = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ECDSA_WITH_SHA256,
    name,
    sequence(utcTime(validFrom), utcTime(validTo)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(altNames))
  )
  const signature = sign("sha256", content, privateKey)
  return {
    cert: pem("CERTIFICATE", sequence(content, ECDSA_WITH_SHA256, der(0x03, Uint8Array.of(0), signature))),
    key: privateKey.export({ type: "pkcs8", format: "pem" })
  }
}
