/**
 * Colours of both schemes and the looks of everything but charts. Text keeps a contrast of 4.5 to 1, signs of 3 to 1.
 * Nothing moves, so there is nothing to still for `prefers-reduced-motion`.
 */
const LIGHT = `
  color-scheme: light;
  --ground: #ffffff; --surface: #f5f6f8; --line: #d5d9e0; --strong-line: #7c8594;
  --text: #1a1d23; --quiet: #545c69; --link: #0a58b0; --focus: #0a58b0;
  --good: #00573b; --good-ground: #dff3ea; --bad: #8f1616; --bad-ground: #fce6e4;
  --same: #323c4a; --same-ground: #e6eaf0; --unsure: #5c4300; --unsure-ground: #fdf0cc;
  --refused: #523280; --refused-ground: #efe8fa;
  --band: #e9e6d8; --zero: #3a414d; --shade: #0060a8;
  --arm-0: #0060a8; --arm-1: #c04a00; --arm-2: #007a58; --arm-3: #a03a86; --arm-4: #806000; --arm-5: #4b505c;`

const DARK = `
  color-scheme: dark;
  --ground: #14171c; --surface: #1d2128; --line: #353c47; --strong-line: #7f8a9b;
  --text: #eceff4; --quiet: #a9b3c1; --link: #8cc2ff; --focus: #8cc2ff;
  --good: #86e3bf; --good-ground: #0f3427; --bad: #ffb3ad; --bad-ground: #47191a;
  --same: #cfd7e3; --same-ground: #2c333e; --unsure: #f2d585; --unsure-ground: #3a2e0c;
  --refused: #d3bdff; --refused-ground: #2f2447;
  --band: #3a382b; --zero: #c3cad5; --shade: #3d8fd6;
  --arm-0: #6cb6ff; --arm-1: #ff9a4d; --arm-2: #3fd0a4; --arm-3: #e89bd0; --arm-4: #e3c04a; --arm-5: #c3c7d1;`

export const PAGE_STYLE = `
:root {${LIGHT}
}
@media screen and (prefers-color-scheme: dark) {
  :root {${DARK}
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
header, main, footer { max-width: 960px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 24px; }
footer { padding-top: 16px; padding-bottom: 40px; border-top: 1px solid var(--line); margin-top: 48px; font-size: 14px; }
main:focus { outline: none; }
h1 { font-size: clamp(22px, 5vw, 32px); line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 22px; line-height: 1.25; margin: 48px 0 14px; padding-top: 14px; border-top: 1px solid var(--line); }
#verdicts h2 { margin-top: 24px; border: 0; padding: 0; }
h3 { font-size: 19px; line-height: 1.3; margin: 32px 0 8px; }
h4 { font-size: 17px; line-height: 1.35; margin: 0 0 6px; }
p { margin: 0 0 10px; max-width: 70ch; }
a { color: var(--link); text-underline-offset: 2px; }
b, strong, dt { font-weight: 650; }
code { font: 13px/1.4 ui-monospace, "Cascadia Mono", Menlo, monospace; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.unseen, #result h2 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 8px; top: -80px; padding: 10px 14px; background: var(--ground); z-index: 3; }
.skip:focus { top: 8px; }
.quiet { color: var(--quiet); }
.headline { font-size: clamp(19px, 4.4vw, 25px); line-height: 1.35; font-weight: 600; margin: 20px 0 10px; max-width: 46ch; text-wrap: balance; }
.subline { font-size: 17px; }

.cards { display: flex; flex-wrap: wrap; gap: 12px; }
.card { border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; background: var(--surface); min-width: 0; flex: 1 1 290px; }
.card-lines { display: grid; gap: 0 32px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr)); }
.card.primary { border: 2px solid var(--strong-line); flex-basis: 100%; }
.card h3 { margin: 0; font-size: 18px; }
.card h3 a { color: inherit; text-decoration-color: var(--strong-line); }
.card p { margin: 0 0 6px; font-size: 15px; }
.eyebrow { font-size: 13px !important; font-weight: 600; color: var(--quiet); margin: 0 !important; }
.card-line { padding-top: 10px; margin-top: 8px; border-top: 1px solid var(--line); }
.card .effect { margin: 8px 0 6px; }
.effect b { font-size: 24px; line-height: 1.15; display: inline-block; margin-right: 6px; letter-spacing: -0.01em; }
.primary .effect b { font-size: 32px; }
.card .who { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; font-size: 16px; }
.card .who .arm { font-weight: 600; }
.effect .quiet { display: block; }
.badge { display: inline-flex; align-items: center; gap: 6px; border-radius: 6px; padding: 2px 9px; font-size: 14px;
  line-height: 1.5; font-weight: 650; border: 1px solid currentColor; vertical-align: middle; }
.badge svg { width: 12px; height: 12px; flex: none; fill: currentColor; }
.badge.better { color: var(--good); background: var(--good-ground); }
.badge.worse { color: var(--bad); background: var(--bad-ground); }
.badge:is(.higher, .lower, .not_worse, .not_higher, .not_lower, .no_meaningful_difference, .described) { color: var(--same); background: var(--same-ground); }
.badge.not_enough_data { color: var(--unsure); background: var(--unsure-ground); border-style: dashed; }
.badge.not_comparable { color: var(--refused); background: var(--refused-ground); border-style: dotted; }

ul.checks { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
.checks li { display: grid; grid-template-columns: 78px 1fr; gap: 12px; padding: 10px 14px; border-radius: 8px; border-left: 5px solid; }
.checks p { margin: 0; color: var(--text); }
.checks .failed { color: var(--bad); background: var(--bad-ground); }
.checks .warning { color: var(--unsure); background: var(--unsure-ground); }
.checks .passed { color: var(--good); background: var(--surface); }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; margin: 24px 0 0; list-style: none; }
nav a { display: inline-block; padding: 6px 0; }

.metric { border: 1px solid var(--line); border-radius: 10px; padding: 16px; margin: 0 0 14px; }
.metric > :last-child, .metric > :last-child > :last-child { margin-bottom: 0; }
.note { font-size: 15px; color: var(--quiet); }
.cards + .note { margin-top: 10px; }
.refused { font-size: 15px; padding: 8px 12px; border-left: 5px dotted var(--refused); background: var(--refused-ground);
  color: var(--text); border-radius: 0 6px 6px 0; }
.arm { display: inline-flex; align-items: center; gap: 5px; max-width: 100%; vertical-align: bottom; }
.icon { width: 14px; height: 14px; flex: none; }
.tag { font-size: 13px; color: var(--quiet); border: 1px solid var(--line); border-radius: 4px; padding: 0 5px; white-space: nowrap; }

.scroll { overflow-x: auto; margin: 10px 0 14px; max-width: 100%; position: relative;
  background: linear-gradient(to right, var(--ground) 30%, transparent) left / 36px 100% no-repeat local,
    linear-gradient(to left, var(--ground) 30%, transparent) right / 36px 100% no-repeat local,
    linear-gradient(to right, var(--line), transparent) left / 12px 100% no-repeat scroll,
    linear-gradient(to left, var(--line), transparent) right / 12px 100% no-repeat scroll; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; min-width: min(100%, 420px); }
th, td { padding: 6px 14px 6px 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; white-space: nowrap; }
thead th { color: var(--quiet); font-size: 13px; vertical-align: bottom; }
tbody th { white-space: normal; min-width: min(34vw, 170px); max-width: 320px; }
tbody th.across { padding-top: 16px; font-weight: 650; }
.number { text-align: right; }
.long { display: block; min-width: 180px; }
dl { margin: 0 0 14px; font-size: 15px; }
dl > div { padding: 7px 0; border-bottom: 1px solid var(--line); }
dd { margin: 0; max-width: 70ch; }
pre { margin: 10px 0 4px; padding: 10px 12px; overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; }
pre code { overflow-wrap: normal; }
@media (min-width: 640px) {
  dl > div { display: grid; grid-template-columns: 240px 1fr; gap: 16px; }
}
details { margin: 8px 0 0; }
summary { cursor: pointer; color: var(--link); font-size: 14px; padding: 6px 0; }
.disclosed { padding-top: 2px; }

@media print {
  @page { margin: 14mm; }
  body { font-size: 10.5pt; }
  table { font-size: 9pt; }
  header, main, footer { max-width: none; padding: 0; }
  .skip, nav, #tip { display: none !important; }
  a { color: inherit; text-decoration: none; }
  h1, h2, h3, h4, summary, figcaption, .key { break-after: avoid; }
  h2 { margin-top: 28px; }
  .card, .refused, .checks li, tr, dl > div, .heat-maps > * { break-inside: avoid; }
  .scroll { overflow: visible; }
  th, td, thead th { white-space: normal; overflow-wrap: normal; padding-right: 8px; }
  tbody th { min-width: 110px; }
  .long { min-width: 70px; }
  td .arm, .long { overflow-wrap: anywhere; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  summary { color: var(--text); list-style: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
