/** Real Chromium for tests of the page: where it is, whether it must be there, and pages opened from disk. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core"
import { chromium } from "playwright-core"

const PATH = process.env["UNICALL_CHROMIUM"] ?? "/usr/bin/chromium"

/** A developer's machine may lack it; a check before a change is taken may not. */
export const isRequired = process.env["UNICALL_REQUIRE_CHROMIUM"] === "1" || (process.env["CI"] ?? "") !== ""
export const isInstalled = existsSync(PATH)

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
]

export interface OpenPage {
  readonly page: Page
  /** Everything that a page should not do: console messages, errors, dialogs, requests beyond its own file. */
  readonly complaints: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

export interface Session {
  readonly open: (text: string, options?: BrowserContextOptions) => Promise<OpenPage>
  readonly close: () => Promise<void>
}

export const launch = async (): Promise<Session> => {
  if (!isInstalled) throw new Error(`no Chromium at ${PATH}: install Debian's chromium or set UNICALL_CHROMIUM`)
  const browser = await chromium.launch({ executablePath: PATH, args: FLAGS })
  const folder = mkdtempSync(join(tmpdir(), "unicall-report-"))
  const shared = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  let files = 0
  return {
    open: (text, options) => {
      files += 1
      const file = join(folder, `${files}.html`)
      writeFileSync(file, text)
      return openFile(options === undefined ? shared : browser.newContext(options), pathToFileURL(file).href)
    },
    close: async () => {
      await browser.close()
      rmSync(folder, { recursive: true })
    }
  }
}

const openFile = async (opening: BrowserContext | Promise<BrowserContext>, address: string): Promise<OpenPage> => {
  const context = await opening
  const page = await context.newPage()
  const complaints: Array<string> = []
  page.on("console", (message) => complaints.push(`console ${message.type()}: ${message.text()}`))
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`))
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on("request", (request) => {
    if (request.url() !== address) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(address)
  return { page, complaints, close: () => page.close() }
}
