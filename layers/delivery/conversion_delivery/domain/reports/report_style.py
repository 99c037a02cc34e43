"""How the page looks: one style sheet for light, dark, phone and paper. No font, image or script is fetched."""

from __future__ import annotations

import base64
import hashlib

STYLE = """
:root { color-scheme: light dark; --page: #f4f5f7; --card: #ffffff; --text: #14181f; --soft: #525b68; --line: #dfe3e8;
  --track: #e8ebef; --link: #0b57d0; --good: #12703c; --good-soft: #e3f4ea; --attention: #8a4b00;
  --attention-soft: #fdf0d9; --failure: #b3261e; --failure-soft: #fce8e6;
  --delivered: #1a8a4c; --rejected: #c8372d; --refused: #a3195b; --unsent: #c26a00; --review: #7b4fc4;
  --duplicates: #3f7fd1; --ignored: #98a2b0; }
@media (prefers-color-scheme: dark) { :root { --page: #101318; --card: #191d24; --text: #eceff4; --soft: #a6b0bf;
  --line: #2d343f; --track: #2a313b; --link: #8ab4ff; --good: #6fd69b; --good-soft: #14301f; --attention: #f3b95f;
  --attention-soft: #33260f; --failure: #ff9a91; --failure-soft: #3b1a18;
  --delivered: #3fb876; --rejected: #f0685d; --refused: #e4659f; --unsent: #eb9a3c; --review: #a78bea;
  --duplicates: #6ea6ee; --ignored: #78828f; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, header, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
footer { padding-bottom: 3rem; color: var(--soft); font-size: .9rem; }
h1 { font-size: clamp(1.35rem, 1.1rem + 1.2vw, 1.8rem); line-height: 1.25; letter-spacing: -.01em; margin: .75rem 0;
  text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 1rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; }
a { color: var(--link); overflow-wrap: anywhere; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.soft { color: var(--soft); }
.small { font-size: .9rem; }
.foreign { overflow-wrap: anywhere; unicode-bidi: isolate; }
.badge { display: inline-block; padding: .2rem .7rem; border-radius: 99px; font-size: .85rem; font-weight: 650; }
.badge.good { background: var(--good-soft); color: var(--good); }
.badge.attention { background: var(--attention-soft); color: var(--attention); }
.badge.failure { background: var(--failure-soft); color: var(--failure); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.4rem 1.5rem;
  margin: 1.1rem 0; }
.todo { border-left: 6px solid var(--attention); }
.todo.good { border-left-color: var(--good); }
.todo.failure { border-left-color: var(--failure); }
.todo h2 { margin-bottom: .4rem; }
.todo ol, .plain { margin: .4rem 0; padding-left: 1.3rem; }
.todo li, .plain li { margin: .3rem 0; }
.picture { display: block; width: 100%; }
.stack { height: 28px; border-radius: 8px; margin-bottom: 1rem; }
.bar { height: 10px; border-radius: 5px; }
.columns { height: 140px; }
.track { fill: var(--track); } .ground { fill: var(--line); }
.fill-delivered, .fill-would_send { fill: var(--delivered); } .fill-rejected { fill: var(--rejected); }
.fill-refused { fill: var(--refused); } .fill-not_sent, .fill-open { fill: var(--unsent); }
.fill-review { fill: var(--review); } .fill-duplicates { fill: var(--duplicates); }
.fill-ignored { fill: var(--ignored); }
.pair { display: grid; gap: 1.1rem; grid-template-columns: minmax(0, 1fr); margin: 1.1rem 0; }
.pair .card { margin: 0; }
@media (min-width: 60rem) { .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .pair > :only-child { grid-column: 1 / -1; } }
.pair:empty { display: none; }
.group + .group { margin-top: 1.6rem; }
.group caption { color: var(--text); font-weight: 650; font-size: 1rem; padding-bottom: .2rem; }
.button { display: inline-block; margin-top: .3rem; padding: .5rem 1rem; border: 1px solid var(--link);
  border-radius: 9px; font-weight: 600; text-decoration: none; }
.key { width: .8rem; height: .8rem; border-radius: 3px; display: inline-block; margin-right: .55rem; flex: none;
  vertical-align: -.05rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: .9rem; padding: 0 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .55rem .75rem .55rem 0; border-bottom: 1px solid var(--line);
  font-weight: 400; overflow-wrap: anywhere; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-size: .85rem; font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 0;
  padding-left: .75rem; }
td.wide { white-space: normal; overflow-wrap: normal; }
tr.whole > * { font-weight: 650; }
tr.part > th { padding-left: 1.1rem; }
tr.subpart > th { padding-left: 2.6rem; }
th.pictured { width: 55%; }
th.pictured .bar { margin-top: .35rem; height: 8px; }
.cause { padding: 1rem 0; border-bottom: 1px solid var(--line); }
.cause:first-of-type { padding-top: 0; }
.cause:last-child { border-bottom: 0; padding-bottom: 0; }
.cause h3 { display: flex; justify-content: space-between; gap: 1rem; margin: 0 0 .45rem; }
.cause h3 .rows { font-variant-numeric: tabular-nums; white-space: nowrap; }
.cause h3 > :first-child { min-width: 0; overflow-wrap: anywhere; }
.cause p { margin: .35rem 0 0; }
.remedy { font-weight: 600; }
code { font: .88em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.axis { display: flex; justify-content: space-between; gap: 1rem; color: var(--soft); font-size: .85rem;
  font-variant-numeric: tabular-nums; margin: .3rem 0 0; }
details { margin-top: .8rem; }
summary { cursor: pointer; color: var(--link); padding: .2rem 0; }
dl { display: grid; grid-template-columns: minmax(8rem, 15rem) 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  main, header, footer { padding-left: .9rem; padding-right: .9rem; }
  header { padding-top: 1.4rem; }
  .card { padding: 1.1rem 1rem; border-radius: 12px; }
  dl { grid-template-columns: 1fr; gap: 0; }
  th.pictured { width: auto; min-width: 5.5rem; }
  dd { margin-bottom: .6rem; }
  tr.part > th { padding-left: .3rem; } tr.subpart > th { padding-left: 1.2rem; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --text: #000; --soft: #444; --line: #bbb; --track: #e5e5e5;
    --link: #000; --good: #0d5a30; --good-soft: #fff; --attention: #6b3a00; --attention-soft: #fff;
    --failure: #8c1d17; --failure-soft: #fff; --delivered: #1a8a4c; --rejected: #c8372d; --refused: #a3195b;
    --unsent: #c26a00; --review: #7b4fc4; --duplicates: #3f7fd1; --ignored: #98a2b0; }
  body { font-size: 11pt; }
  .badge { border: 1px solid currentColor; }
  .card { break-inside: avoid-page; border-radius: 0; }
  .card.long { break-inside: auto; } .cause, tr { break-inside: avoid; }
  rect, .key { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""

_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"
"""The page may use exactly this style sheet: nothing is loaded, run or sent, whatever a file's header says."""
