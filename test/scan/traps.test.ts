/** What goes wrong at a place of the code: each trap beside the same code without it. */
import { describe, expect, it } from "vitest"
import { saidIn, trapsIn } from "./scanned.ts"

type Cases = Readonly<Record<string, readonly [source: string, traps: ReadonlyArray<string>, path?: string]>>

const check = (cases: Cases) =>
  it.each(Object.entries(cases))("%s", (_, [source, traps, path]) => {
    expect(trapsIn(source, path)).toEqual(traps)
  })

const ORDER = `{ assistantId: "a", phoneNumberId: "p", customer: { number }, name: reference }`
const POST = `fetch("https://api.vapi.ai/call", { method: "POST", body: JSON.stringify(${ORDER}) })`
const SDK = `import { VapiClient } from "@vapi-ai/server-sdk"\n`

describe("what rings twice", () => {
  check({
    "placing once": [`export const place = async () => { const answer = await ${POST}; return answer.json() }`, []],
    "a loop of attempts with a catch": [
      `for (let attempt = 0; attempt < 3; attempt++) {\n  try {\n    return await ${POST}\n  } catch (error) {\n    await sleep(1000)\n  }\n}`,
      ["1 rings_twice certain"]
    ],
    "the same, where the last failure is thrown": [
      `async function place(tries = 3) {\n  while (tries > 0) {\n    try {\n      const answer = await ${POST}\n      return answer\n    } catch (error) {\n      if (--tries === 0) throw error\n    }\n  }\n}`,
      ["2 rings_twice certain"]
    ],
    "a loop by the status of the answer": [
      `for (let attempt = 0; attempt < 3; attempt++) {\n  const answer = await ${POST}\n  if (answer.ok) return answer\n}`,
      ["1 rings_twice certain"]
    ],
    "a loop for 429, after which nothing was taken": [
      `for (let attempt = 0; attempt < 3; attempt++) {\n  const answer = await ${POST}\n  if (answer.status !== 429) return answer\n}`,
      ["1 rings_twice likely"]
    ],
    "a loop over those to call": [
      `for (const number of numbers) {\n  try {\n    await ${POST}\n  } catch (error) {\n    failed.push(number)\n  }\n}`,
      []
    ],
    "a loop over those to call, by index, that ends at a limit": [
      `for (let i = 0; i < numbers.length; i++) {\n  try {\n    await ${POST}\n    if (++placed === limit) break\n  } catch (error) {\n    failed.push(i)\n  }\n}`,
      []
    ],
    "a queue that is worked off": [
      `while (true) {\n  const number = queue.shift()\n  if (number === undefined) break\n  try {\n    await ${POST}\n  } catch (error) {\n    failed.push(number)\n  }\n}`,
      []
    ],
    "a loop that only polls": [
      `const { id } = await (await ${POST}).json()\nfor (let attempt = 0; attempt < 60; attempt++) {\n  try {\n    const call = await (await fetch("https://api.vapi.ai/call/" + id)).json()\n    if (call.status === "ended") return call\n  } catch {}\n}`,
      []
    ],
    "a loop that throws what fails": [
      `for (let attempt = 0; attempt < 3; attempt++) {\n  try {\n    return await ${POST}\n  } catch (error) {\n    throw error\n  }\n}`,
      []
    ],
    "p-retry, inline and by name": [
      `import pRetry from "p-retry"\nconst place = () => ${POST}\nawait pRetry(place, { retries: 3 })\nawait pRetry(() => ${POST})`,
      ["3 rings_twice certain", "4 rings_twice certain"]
    ],
    "p-retry that is told not to, or only reads": [
      `import pRetry from "p-retry"\nawait pRetry(() => ${POST}, { retries: 0 })\nawait pRetry(() => fetch("https://api.vapi.ai/call/" + id))`,
      []
    ],
    "a function of a telling name": [`await withRetry(async () => {\n  await ${POST}\n})`, ["1 rings_twice likely"]],
    "a loop around a function that places": [
      `const place = () => ${POST}\nexport const run = async () => {\n  for (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await place()\n    } catch {}\n  }\n}`,
      ["3 rings_twice certain"]
    ],
    "a handler that places again": [
      `try {\n  await ${POST}\n} catch {\n  await ${POST}\n}\n`,
      ["4 rings_twice certain"]
    ],
    "a handler that places at another provider": [
      `try {\n  await ${POST}\n} catch {\n  await fetch("https://www.getrevox.com/api/call", { method: "POST", body: JSON.stringify({ phone_number, metadata: { reference } }) })\n}`,
      ["4 rings_twice certain"]
    ],
    "a function that calls itself after a failure": [
      `async function place(left) {\n  try {\n    return await ${POST}\n  } catch (error) {\n    return place(left - 1)\n  }\n}`,
      ["5 rings_twice certain"]
    ],
    "a handler given to catch": [`${POST}.catch(() => ${POST})`, ["1 rings_twice certain"]],
    "a handler that reads": [
      `try {\n  await ${POST}\n} catch {\n  await fetch("https://api.vapi.ai/call?limit=10")\n}`,
      []
    ],
    "fetch-retry": [
      `import retry from "fetch-retry"\nconst again = retry(globalThis.fetch)\nawait again("https://api.vapi.ai/call", { method: "POST", body: JSON.stringify(${ORDER}) })`,
      ["3 rings_twice certain"]
    ],
    "axios-retry as it comes, which repeats no POST": [
      `import axios from "axios"\nimport axiosRetry from "axios-retry"\naxiosRetry(axios, { retries: 3 })\nawait axios.post("https://api.vapi.ai/call", ${ORDER})`,
      []
    ],
    "axios-retry with a condition of one's own": [
      `import axios from "axios"\nimport axiosRetry from "axios-retry"\naxiosRetry(axios, { retries: 3, retryCondition: () => true })\nawait axios.post("https://api.vapi.ai/call", ${ORDER})`,
      ["3 rings_twice likely"]
    ],
    "ky with its own retries, and with POST among them": [
      `import ky from "ky"\nawait ky.post("https://api.vapi.ai/call", { json: ${ORDER}, retry: 3 })\nawait ky.post("https://api.vapi.ai/call", { json: ${ORDER}, retry: { limit: 3, methods: ["post"] } })`,
      ["3 rings_twice certain"]
    ],
    "a function that retries inside": [
      `const api = async (path, options) => {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await fetch("https://api.vapi.ai" + path, options)\n    } catch {}\n  }\n}\nawait api("/call", { method: "POST", body: JSON.stringify(${ORDER}) })`,
      ["2 rings_twice likely"]
    ],
    "the SDK as it comes": [
      `${SDK}const vapi = new VapiClient({ token: process.env.KEY })\nawait vapi.calls.create(${ORDER})`,
      ["2 rings_twice certain"]
    ],
    "the SDK told not to, for all or for one": [
      `${SDK}const vapi = new VapiClient({ token, maxRetries: 0 })\nawait vapi.calls.create(${ORDER})\nconst other = new VapiClient({ token })\nawait other.calls.create(${ORDER}, { maxRetries: 0 })`,
      []
    ],
    "the SDK with options from elsewhere": [
      `${SDK}export const make = (options) => new VapiClient(options).calls.create(${ORDER})`,
      ["2 rings_twice likely"]
    ]
  })
})

const body = (fields: string, url = "https://api.vapi.ai/call") =>
  `await fetch("${url}", { method: "POST", body: JSON.stringify({ ${fields} }) })`

const REVRING = "https://api.revring.ai/v1/calls"
const REVOX = "https://www.getrevox.com/api/call"

describe("the body of an order", () => {
  check({
    "without a key of one's own": [
      body(`assistantId, phoneNumberId, customer: { number }`),
      ["1 no_reference certain"]
    ],
    "with one as it can be carried": [
      `${body(`assistantId, customer: { number, externalId }`)}\n${body(`assistantId, customer, assistantOverrides: { variableValues: { lead } }`)}\n${body(`phone_number, metadata: { lead }`, REVOX)}\n${body(`agentId, toNumber, fromNumber, variables`, REVRING)}`,
      []
    ],
    "with one that is added later": [
      `const order = { assistantId, customer: { number } }\nif (lead) order.name = lead\nconst { name: _, ...kept } = order\nawait fetch("https://api.vapi.ai/call", { method: "POST", body: JSON.stringify(order) })`,
      []
    ],
    "with one that may come from elsewhere": [
      `${body(`assistantId, ...options`)}\n${body(`assistantId, ...(given ?? {})`)}\n${body(`assistantId, ...(lead ? { name: lead } : {})`)}\nconst order = { assistantId }\nObject.assign(order, more)\nawait fetch("https://api.vapi.ai/call", { method: "POST", body: JSON.stringify(order) })`,
      []
    ],
    "a body that nobody sees": [
      `export const place = (order) => fetch("https://api.vapi.ai/call", { method: "POST", body: order })`,
      []
    ],
    "metadata where Vapi has none": [body(`assistantId, name, metadata: { lead }`), ["1 no_such_field certain"]],
    "a field of another provider": [
      body(`agentId, toNumber, fromNumber, variables, phone_number`, REVRING),
      ["1 no_such_field certain"]
    ],
    "a field that is misspelt": [body(`phone_number, assistantId: "a", metadata`, REVOX), ["1 no_such_field certain"]],
    "a field that nobody knows": [body(`assistantId, name, telepathy: true`), ["1 no_such_field likely"]]
  })

  it("says which field is meant", () => {
    expect(saidIn(body(`phone_numbr, metadata`, REVOX))).toContain("it has phone_number")
    expect(saidIn(body(`assistantId, name, metadata`))).toContain("assistantOverrides.metadata")
    const added = `const order = { assistantId, name }\norder.telepathy = 1\norder["mind"] = 1\n`
    const said = saidIn(`${added}fetch("https://api.vapi.ai/call", { method: "POST", body: JSON.stringify(order) })`)
    expect(said).toContain("no field telepathy is known")
    expect(said).not.toContain("mind")
  })
})

const TELLS = `await fetch("https://api.revring.ai/v1/calls/" + id)\n`

describe("statuses", () => {
  check({
    "a switch without a word, and nothing for the rest": [
      `${TELLS}switch (call.status) {\n  case "QUEUED": case "INITIATED": case "ONGOING": return "running"\n  case "COMPLETED": return "done"\n  case "FAILED": case "CANCELED": return "failed"\n}`,
      ["2 uncovered_status certain"]
    ],
    "a switch with every word": [
      `${TELLS}switch (call.status) {\n  case "QUEUED": case "INITIATED": case "ONGOING": return "running"\n  case "COMPLETED": case "TRANSFERRED": return "done"\n  case "FAILED": case "CANCELED": return "failed"\n}`,
      []
    ],
    "a switch whose rest takes words that go on": [
      `${TELLS}switch (call.status) {\n  case "COMPLETED": case "TRANSFERRED": return "done"\n  case "FAILED": case "CANCELED": return "failed"\n  default: return "running"\n}`,
      []
    ],
    "a switch whose rest takes an end": [
      `${TELLS}switch (call.status) {\n  case "COMPLETED": return "done"\n  case "FAILED": return "failed"\n  default: return "running"\n}`,
      ["2 uncovered_status likely"]
    ],
    "a chain of if": [
      `${TELLS}if (status === "QUEUED" || status === "INITIATED") wait()\nelse if (status === "ONGOING") show()\nelse if (status === "COMPLETED") done()`,
      ["2 uncovered_status likely"]
    ],
    "a set of ends without one": [
      `${TELLS}const ENDS = new Set(["COMPLETED", "FAILED", "NO_ANSWER", "BUSY", "CANCELED"])`,
      ["2 uncovered_status likely"]
    ],
    "a set of ends": [`${TELLS}const ENDS = new Set(["COMPLETED", "FAILED", "CANCELED", "TRANSFERRED"])`, []],
    "a map, and one with something for the rest": [
      `${TELLS}const SAYS = { COMPLETED: "done", FAILED: "failed" }\nshow(SAYS[status])\nconst KINDS = { COMPLETED: 1, FAILED: 2, CANCELED: 3, TRANSFERRED: 4 }\nshow(KINDS[status] ?? 0)`,
      ["2 uncovered_status likely"]
    ],
    "in a file that says nothing of a provider": [
      `switch (order.status) {\n  case "COMPLETED": return 1\n  case "FAILED": return 2\n}`,
      []
    ],
    "words of something else": [
      `${TELLS}switch (job.state) {\n  case "OPEN": return 1\n  case "COMPLETED": return 2\n  case "SHIPPED": return 3\n  case "LOST": return 4\n}`,
      []
    ]
  })

  it("names the words that are forgotten", () => {
    expect(saidIn(`${TELLS}const ENDS = new Set(["COMPLETED", "FAILED", "CANCELED"])`)).toContain("has no TRANSFERRED")
  })
})

const TIMED = POST.replace(`method: "POST"`, `method: "POST", signal: AbortSignal.timeout(5000)`)

describe("a timeout", () => {
  check({
    "taken for a failure": [
      `try {\n  await ${TIMED}\n} catch (error) {\n  await mark(lead, "failed")\n}`,
      ["3 timeout_as_failure likely"]
    ],
    "asked for by its name": [
      `try {\n  await ${TIMED}\n} catch (error) {\n  if (error.name === "TimeoutError") await mark(lead, "failed")\n}`,
      ["3 timeout_as_failure certain"]
    ],
    "of axios": [
      `import axios from "axios"\ntry {\n  await axios.post("https://api.vapi.ai/call", ${ORDER}, { timeout: 5000 })\n} catch (error) {\n  return { failed: true }\n}`,
      ["4 timeout_as_failure likely"]
    ],
    "that goes up": [`try {\n  await ${TIMED}\n} catch (error) {\n  log(error)\n  throw error\n}`, []],
    "of a read": [
      `try {\n  await fetch("https://api.vapi.ai/call/" + id, { signal: AbortSignal.timeout(5000) })\n} catch {\n  return undefined\n}`,
      []
    ],
    "that is not there": [`try {\n  await ${POST}\n} catch (error) {\n  await mark(lead, "failed")\n}`, []]
  })
})
