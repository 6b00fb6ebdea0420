/** The body of a request to a twin: its size, its form, its nesting. */
import type { TwinRequest } from "./twin.ts"

/** In bytes. */
export const LARGEST_BODY = 1_000_000

/** Measured only where it can matter: a code unit takes up to three bytes. */
export const sizeOf = (text: string): number =>
  text.length * 3 <= LARGEST_BODY ? text.length : new TextEncoder().encode(text).length

/** What a twin takes in it may have to write again, and writing JSON is recursive. */
export const DEEPEST_BODY = 500

export const nestsBeyond = (value: unknown, levels: number): boolean => {
  if (typeof value !== "object" || value === null) return false
  return levels === 0 || Object.values(value).some((member) => nestsBeyond(member, levels - 1))
}

/** Values are texts, as they are in forms; a field that repeats is a list. */
const parseForm = (text: string): unknown => {
  const form = new URLSearchParams(text)
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const [value, ...more] = form.getAll(name)
      return [name, more.length === 0 ? value : [value, ...more]]
    })
  )
}

/** `curl -d '{…}'` gives JSON the type of a form, and no form begins with a brace. */
const isForm = ({ body, headers: { "content-type": type = "" } }: TwinRequest): boolean =>
  /^application\/x-www-form-urlencoded *(;|$)/i.test(type) && !/^\s*\{/.test(body)

export const parseBody = (request: TwinRequest): { readonly value: unknown } | undefined => {
  if (request.body === "") return { value: undefined }
  if (isForm(request)) return { value: parseForm(request.body) }
  try {
    return { value: JSON.parse(request.body) }
  } catch {
    return undefined
  }
}
