/**
 * The page's style. Colors are of Okabe and Ito's palette, which people with any color vision tell apart, darkened or lightened until text in them has a
 * contrast of 4.5. Source: https://jfly.uni-koeln.de/color/
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1b1f24; --muted: #57606a; --line: #d5dae0; --soft: #eef1f4;
  --chosen: #0060a8; --chosen-soft: #e6f1fb; --second: #a34a00; --other: #4c5661; --rejected: #68717b; --front: #00705a; --limit: #a8226a;
  --good: #1a7f37; --bad: #b42318; --focus: #0060a8;
  --plot-background: var(--card);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101418; --card: #181d23; --text: #e8ebee; --muted: #a3adb8; --line: #343c46; --soft: #222931;
    --chosen: #6cb8ff; --chosen-soft: #15304a; --second: #f0a04b; --other: #b6c0ca; --rejected: #919ba6; --front: #4ecfae; --limit: #f08abf;
    --good: #5fd07f; --bad: #ff8f85; --focus: #9dcfff;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 84rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
header { padding-block: clamp(1.5rem, 4vw, 3rem) 1rem; }
footer { padding-block: 1rem 3rem; color: var(--muted); font-size: .875rem; }
h1, h2, h3, h4 { line-height: 1.2; margin: 0; overflow-wrap: anywhere; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 1.2rem + 2vw, 2.4rem); letter-spacing: -.02em; }
h2 { font-size: 1.35rem; letter-spacing: -.01em; }
h3 { font-size: 1.15rem; }
h4 { font-size: 1rem; }
p { margin: .5rem 0; max-width: 75ch; overflow-wrap: anywhere; }
a { color: var(--chosen); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .8125rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; }
.eyebrow { margin: 0 0 .4rem; color: var(--muted); font-size: .8125rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; }
.muted { color: var(--muted); }
.job { margin-block: 0 2.5rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: clamp(1rem, 3vw, 1.75rem); margin-block: 1rem; min-width: 0; }
.job > header { padding: 0 0 .25rem; max-width: none; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 8.5rem), 1fr)); gap: .75rem 1.25rem; margin: 1rem 0 0; }
.facts > div { min-width: 0; }
.facts .wide { grid-column: 1 / -1; }
dt { color: var(--muted); font-size: .8125rem; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.status { font-weight: 600; }
.status.good { color: var(--good); }
.status.bad, .failure { color: var(--bad); }
.failure { border-inline-start: 4px solid var(--bad); padding-inline-start: .9rem; }
.note { border-inline-start: 4px solid var(--second); padding-inline-start: .9rem; }
.criteria { margin-block: .25rem .75rem; }
.verdict { font-size: 1.0625rem; }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .75rem; margin: 1rem 0 .5rem; }
.tiles > div { background: var(--chosen-soft); border-radius: 10px; padding: .75rem .9rem; min-width: 0; }
.tiles dd { font-size: 1.35rem; font-weight: 650; letter-spacing: -.01em; line-height: 1.25; }
.tiles .unit { display: block; font-size: .8125rem; font-weight: 400; letter-spacing: 0; color: var(--muted); }
@media (max-width: 48rem) { .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.5rem; margin-block: 1.25rem .5rem; }
figure { margin: 0; min-width: 0; }
.plots figure { display: grid; grid-row: span 2; grid-template-rows: subgrid; gap: .25rem; align-content: start; }
figcaption { color: var(--muted); font-size: .875rem; }
figcaption strong { display: block; color: var(--text); font-size: 1rem; }
.plot { min-height: 1px; }
.plot svg { display: block; width: 100%; height: auto; overflow: visible; color: var(--muted); font-family: inherit; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: .5rem 0 0; padding: 0; list-style: none; font-size: .875rem; color: var(--muted); }
.legend li { display: inline-flex; align-items: center; gap: .4rem; }
.legend svg { flex: none; }
.scroll { overflow-x: auto; margin-block: .75rem; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .8125rem; font-variant-numeric: tabular-nums; }
caption { text-align: start; padding: .6rem; font-size: .875rem; font-weight: 600; border-bottom: 1px solid var(--line); }
th, td { padding: .45rem .6rem; text-align: start; vertical-align: top; }
th { color: var(--muted); font-weight: 600; border-bottom: 1px solid var(--line); vertical-align: bottom; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody th { color: var(--text); border-bottom: 0; }
td { white-space: nowrap; }
td.long { white-space: normal; max-width: 34rem; overflow-wrap: anywhere; }
td.long:not(:empty) { min-width: 12rem; }
th { text-wrap: balance; }
.figure { text-align: end; }
th.figure.wide { min-width: 5.6rem; }
tr.chosen > *, tr.pool > * { background: var(--chosen-soft); font-weight: 600; }
tr.rejected > * { color: var(--muted); }
tr.cheapest > * { background: var(--chosen-soft); font-weight: 600; }
.controls { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: .5rem 1rem; margin-block: 1rem .5rem; }
.controls[hidden] { display: none; }
.controls label { font-weight: 600; }
.controls input[type=range] { width: 100%; accent-color: var(--chosen); margin: 0; height: 1.75rem; }
.controls .number { display: inline-flex; align-items: center; gap: .5rem; color: var(--muted); font-size: .875rem; white-space: nowrap; }
.controls input[type=number] { width: 8.5rem; font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--other); border-radius: 6px; padding: .3rem .5rem; text-align: end; font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) { .controls { grid-template-columns: minmax(0, 1fr); } .controls .number { justify-self: start; } }
output { display: block; font-size: 1.0625rem; font-weight: 600; margin-block: .5rem; overflow-wrap: anywhere; }
section.part { margin-block-start: 1.75rem; padding-block-start: 1.25rem; border-top: 1px solid var(--line); }
details { border: 1px solid var(--line); border-radius: 8px; margin-block: .75rem; padding: 0 .9rem; }
details[open] { padding-block-end: .9rem; }
summary { cursor: pointer; padding-block: .6rem; font-weight: 600; }
pre { overflow-x: auto; background: var(--soft); border-radius: 8px; padding: .9rem; margin: 0; }
@media (prefers-reduced-motion: no-preference) { summary { transition: color .15s; } summary:hover { color: var(--chosen); } }
@media print {
  :root { --page: #fff; --card: #fff; --text: #000; --muted: #444; --line: #bbb; --soft: #f4f4f4; --chosen: #004a85; --chosen-soft: #eef5fb; --second: #8a3d00; --other: #333; --rejected: #666; --front: #005c49; --limit: #8c1957; --good: #14632b; --bad: #8f1c13; }
  body { font-size: 10.5pt; }
  .controls, .skip { display: none; }
  .card { border: 0; padding: 0; }
  .scroll { overflow: visible; border: 0; }
  td, th { white-space: normal; padding: .2rem .4rem; }
  figure, tr, .tiles, details { break-inside: avoid; }
}
`;
