/** The frame of every page: one file that asks for nothing else, with a skip link, a list of its parts and a footer. */
import { sha256 } from "@noble/hashes/sha2.js"
import { CHART_STYLE } from "./chartStyle.ts"
import { html, type Markup, verbatim } from "./markup.ts"
import { LOOKS } from "./marks.ts"
import { PAGE_STYLE } from "./pageStyle.ts"
import { SCRIPT } from "./tooltipScript.ts"

export interface Section {
  readonly id: string
  readonly title: string
  readonly content: Markup
}

export interface Page {
  readonly name: string
  readonly about: string
  /** Before the list of parts. */
  readonly first: ReadonlyArray<Section>
  /** Those that the list leads to. */
  readonly others: ReadonlyArray<Section>
  /** How the page is read. */
  readonly hint?: string
}

/** Every name and text in it is escaped. */
export const pageOf = ({ name: title, about, first, others, hint }: Page): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${verbatim(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the result</a>
        <header>
          <h1>${title}</h1>
          <p class="quiet">${about}</p>
        </header>
        <main id="main" tabindex="-1">
          ${first.map(section)}
          <nav aria-label="On this page">
            <ul>
              ${others.map(({ id, title: text }) => html`<li><a href="#${id}">${text}</a></li>`)}
            </ul>
          </nav>
          ${others.map(section)}
        </main>
        <footer>
          <p class="quiet">
            ${hint} Made by unicall from call records. The page holds no telephone numbers, names of persons or
            transcripts, and asks no other computer for anything.
          </p>
        </footer>
        <div id="tip" aria-hidden="true" hidden></div>
        ${hatches} ${verbatim(`<script>${SCRIPT}</script>`)}
      </body>
    </html> `.markup

const section = ({ id, title, content }: Section): Markup =>
  html`<section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${title}</h2>
    ${content}
  </section>`

/** Fills of bars that are not to be compared, one per look. */
const hatches = html`<svg class="patterns" width="0" height="0" aria-hidden="true">
  <defs>
    ${Array.from(
      { length: LOOKS },
      (_, look) =>
        html`<pattern
          id="hatch-${look}"
          class="arm-${look}"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
          ><rect class="hatch-ground" width="6" height="6" /><rect class="hatch-line" width="2.4" height="6"
        /></pattern>`
    )}
  </defs>
</svg>`

const STYLE = PAGE_STYLE + CHART_STYLE

const digestOf = (text: string): string =>
  `'sha256-${btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))))}'`

/** Only this style and this script; no request to anywhere. */
const POLICY = `default-src 'none'; style-src ${digestOf(STYLE)}; script-src ${digestOf(SCRIPT)}; img-src data:; base-uri 'none'; form-action 'none'`
