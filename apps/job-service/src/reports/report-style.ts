/** Of the page of a report: its answer allows this one style by its digest. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --text: #151515; --quiet: #4d4d4d; --line: #c7c7c7; --back: #fff; --good: #2b6a1c; --bad: #a30000; --warn: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --text: #f2f2f2; --quiet: #b8b8b8; --line: #4d4d4d; --back: #151515; --good: #87bb62; --bad: #ff8d85; --warn: #f5b945; } }
@media print { :root { color-scheme: light; --text: #000; --quiet: #333; --line: #999; --back: #fff; --good: #2b6a1c; --bad: #a30000; --warn: #7a4b00; } }
@page { size: A4; margin: 15mm; }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; font: 14px/1.45 system-ui, sans-serif; color: var(--text); background: var(--back); }
h1 { margin: 0; font-size: 1.6rem; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; border-bottom: 1px solid var(--line); break-after: avoid; }
p { margin: .3rem 0; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--quiet); font-weight: 600; overflow-wrap: normal; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.number { text-align: right; white-space: nowrap; }
.quiet { color: var(--quiet); }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.warn { color: var(--warn); font-weight: 600; }
.time { white-space: nowrap; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 10pt; } }
`;
