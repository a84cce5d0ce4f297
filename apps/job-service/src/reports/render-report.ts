import type { RunFindingView, RunObjectView } from '@godwit/contracts/api';
import type { ReportedStep, ReportedVolume, RunReport } from '@godwit/contracts/report';
import type { ObjectOutcome } from '@godwit/contracts/run';
import { formatBytes } from '@godwit/pipeline/format-bytes';
import { formatDuration } from '@godwit/pipeline/format-duration';
import { Html, html } from './html.ts';
import { REPORT_STYLE } from './report-style.ts';

const TONE: Readonly<Record<string, string>> = {
  Succeeded: 'good',
  Equal: 'good',
  Failed: 'bad',
  Different: 'bad',
  error: 'bad',
  Cancelled: 'warn',
  Unfinished: 'warn',
  Held: 'warn',
  warning: 'warn',
};
const KIND_TITLES: Readonly<Record<string, string>> = { CutOver: 'Cut-over', DiscardStaging: 'Discarding of what was staged' };

/** A page of its own, without scripts, to be read on a screen and on paper. */
export function renderReport(report: RunReport): string {
  const { run } = report;
  const kind = KIND_TITLES[run.kind] ?? run.kind;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${kind} of ${run.migrationName}: ${run.phase}</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body>
<main>
<h1>${kind} of ${run.migrationName}</h1>
<p>${toned(run.phase)} · from ${run.sourceCluster} to ${run.destinationCluster}</p>
<p class="quiet">Run ${run.id} · reported ${time(report.generatedAt)}</p>
${run.error && html`<p><span class="bad">${run.error.reason}</span> ${run.error.message} ${run.error.cure}</p>`}
${findings(report)}
${section('At a glance', pairs(glanceAt(report)))}
${section('What was asked for', pairs(report.definition.map(({ label, value }) => [label, value])))}
${section('Steps', steps(report.steps))}
${failures(report.steps)}
${report.volumes.length > 0 && section('Volumes', volumes(report.volumes))}
${report.objects.length > 0 && section('Objects', objects(report.objects))}
${report.troubled.total > 0 && section('Objects with trouble', objectList(report.troubled))}
${report.left.total > 0 && section('Left as it was on purpose', objectList(report.left))}
${report.hooks.total > 0 && section('Hooks', hooks(report.hooks))}
</main>
</body>
</html>
`;
  return page.text;
}

function glanceAt({ run, seconds, downtime, volumes: all, objects: kinds }: RunReport): [string, string | Html][] {
  const moved = all.filter(({ skipReason }) => !skipReason);
  const sum = (count: (volume: ReportedVolume) => number) => moved.reduce((total, volume) => total + count(volume), 0);
  const objectCount = kinds.flatMap(({ outcomes }) => Object.values(outcomes)).reduce((total, count) => total + count, 0);
  const lines: [string, string | Html | undefined][] = [
    ['Started', time(run.createdAt)],
    ['Finished', run.finishedAt ? time(run.finishedAt) : 'not yet'],
    ['Took', duration(seconds)],
    ['Application down', downtime && describeDowntime(downtime)],
    [
      'Data',
      moved.length > 0
        ? `${formatBytes(sum(({ bytes }) => bytes))} in ${sum(({ files }) => files)} files of ${countOf(moved.length, 'volume')}; ${formatBytes(sum(({ storedBytes }) => storedBytes))} crossed the network into the store`
        : undefined,
    ],
    ['Objects', objectCount > 0 ? String(objectCount) : undefined],
  ];
  return lines.filter((line): line is [string, string | Html] => line[1] !== undefined);
}

function describeDowntime({ from, until, seconds }: NonNullable<RunReport['downtime']>): Html {
  if (seconds === undefined || !until) return html`since ${time(from)}`;
  return html`${duration(seconds)}, from ${time(from)} until ${time(until)}`;
}

function findings({ findings: { items, total } }: RunReport): Html | undefined {
  if (total === 0) return undefined;
  const row = ({ severity, object, cluster, message, cure }: RunFindingView) =>
    html`<tr><td>${toned(severity)}</td><td>${object}${cluster && html` <span class="quiet">${cluster}</span>`}</td><td>${message}${cure && html`<br><span class="quiet">${cure}</span>`}</td></tr>`;
  return section('Findings', [table(['', 'Object', 'What was found'], items.map(row)), rest(items.length, total)]);
}

function steps(all: readonly ReportedStep[]): Html {
  const row = ({ title, outcome, volumes: count, startedAt, seconds, attempts }: ReportedStep) =>
    html`<tr><td>${title}${count ? html` <span class="quiet">${countOf(count, 'volume')}</span>` : undefined}</td><td>${toned(outcome, outcomeText(outcome))}</td><td class="time">${startedAt && time(startedAt)}</td><td class="number">${seconds !== undefined && duration(seconds)}</td><td class="number">${attempts}</td></tr>`;
  return table(['Step', 'Outcome', 'Started', '#Took', '#Attempts'], all.map(row));
}

function outcomeText(outcome: ReportedStep['outcome']): string {
  return outcome === 'NotReached' ? 'Not reached' : outcome;
}

function failures(all: readonly ReportedStep[]): Html | undefined {
  const rows = all.flatMap(({ title, failures: tries }) =>
    tries.map(
      ({ at, attempt, volume, outcome, error }) =>
        html`<tr><td class="time">${time(at)}</td><td>${title}${volume && html` <span class="quiet">${volume}</span>`}</td><td class="number">${attempt}</td><td>${toned(outcome)} ${error?.message} ${error?.cure}</td></tr>`,
    ),
  );
  return rows.length === 0
    ? undefined
    : section('Attempts that did not succeed', table(['At', 'Step', '#Attempt', 'What happened'], rows));
}

function volumes(all: readonly ReportedVolume[]): Html {
  const row = (volume: ReportedVolume) => {
    const { namespace, name, targetNamespace, skipReason, bytes, files, copySeconds, restoreSeconds, rate, digests, warnings } =
      volume;
    const named = html`<td>${namespace}/${name}${targetNamespace !== namespace && html` <span class="quiet">→ ${targetNamespace}</span>`}</td>`;
    if (skipReason) return html`<tr>${named}<td colspan="6" class="quiet">not moved: ${skipReason}</td></tr>`;
    const told = digests === 'Unknown' ? 'not compared' : digests.toLowerCase();
    return html`<tr>${named}<td class="number">${formatBytes(bytes)}</td><td class="number">${files}</td><td class="number">${copySeconds !== undefined && duration(copySeconds)}</td><td class="number">${restoreSeconds !== undefined && duration(restoreSeconds)}</td><td class="number">${rate !== undefined && `${formatBytes(rate)}/s`}</td><td>${toned(digests, told)}${warnings > 0 && html` <span class="warn">${countOf(warnings, 'warning')}</span>`}</td></tr>`;
  };
  return table(['Volume', '#Content', '#Files', '#Copy', '#Restore', '#Rate', 'Read and written'], all.map(row));
}

function objects(kinds: RunReport['objects']): Html {
  const columns = [...new Set(kinds.flatMap(({ outcomes }) => Object.keys(outcomes) as ObjectOutcome[]))].sort();
  const rows = kinds.map(
    ({ kind, outcomes }) =>
      html`<tr><td>${kind}</td>${columns.map((name) => html`<td class="number">${outcomes[name]}</td>`)}</tr>`,
  );
  return table(['Kind', ...columns.map((name) => `#${name}`)], rows);
}

function objectList({ items, total }: { items: readonly RunObjectView[]; total: number }): Html[] {
  const rows = items.map(
    ({ kind, namespace, name, outcome, reason }) =>
      html`<tr><td>${kind}</td><td>${namespace && `${namespace}/`}${name}</td><td>${toned(outcome)}</td><td>${reason}</td></tr>`,
  );
  return [table(['Kind', 'Name', 'Outcome', 'Why'], rows), rest(items.length, total)];
}

function hooks({ items, total }: RunReport['hooks']): Html[] {
  const rows = items.map(
    ({ at, level, message }) => html`<tr><td class="time">${time(at)}</td><td>${toned(level)}</td><td>${message}</td></tr>`,
  );
  return [table(['At', '', 'What was told'], rows), rest(items.length, total)];
}

function rest(shown: number, total: number): Html {
  return shown < total ? html`<p class="quiet">And ${total - shown} more, which the API lists.</p>` : html``;
}

function section(title: string, content: Html | Html[]): Html {
  return html`<section><h2>${title}</h2>${content}</section>`;
}

/** @param heads those of columns of numbers begin with # */
function table(heads: readonly string[], rows: readonly Html[]): Html {
  const head = heads.map((name) =>
    name.startsWith('#') ? html`<th scope="col" class="number">${name.slice(1)}</th>` : html`<th scope="col">${name}</th>`,
  );
  return html`<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}

function pairs(lines: readonly (readonly [string, string | Html])[]): Html {
  const rows = lines.map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`);
  return html`<table><tbody>${rows}</tbody></table>`;
}

function toned(word: string, text = word): Html {
  return html`<span class="${TONE[word] ?? 'quiet'}">${text}</span>`;
}

/** In UTC: who reads it may be anywhere. */
function time(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function duration(seconds: number): string {
  return formatDuration(seconds * 1000);
}
