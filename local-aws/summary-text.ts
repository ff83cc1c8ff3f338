import { RehearsalSummary } from './summary';
import { usdText } from '../src/service/usd';

/** The summary for a reader, in columns. Headings are bold on a terminal, unless NO_COLOR is set: https://no-color.org */
export function summaryText(
  summary: RehearsalSummary,
  { isTerminal = false, noColor = process.env.NO_COLOR }: { readonly isTerminal?: boolean; readonly noColor?: string } = {},
): string {
  const isBold = isTerminal && !noColor;
  const section = (title: string, rows: ReadonlyArray<readonly string[]>) => (rows.length === 0 ? [] : [isBold ? `\u001b[1m${title}\u001b[0m` : title, ...columns(rows), '']);
  const { timeline, jobs, choices, calls, denials, opaque, stays } = summary;
  const took = `The rehearsal took ${real(summary.realSeconds)}`;
  return [
    calls.length === 0 ? `${took}, and called no service of AWS.`
      : `${took}, in which ${span(summary.virtualSeconds)} of virtual time passed: for jobs, endpoints and waits. All else takes no time here. Nothing was billed.`,
    '',
    ...section('Timeline (virtual, real)', timeline.map(({ virtualSeconds, realSeconds, what }) => [`+${span(virtualSeconds)}`, `+${real(realSeconds)}`, what])),
    ...section('Jobs', jobs.map(({ name, type, status, virtualMinutes, instanceMinutes, usdAtLeast, reason }) => [
      name, type, status, `${virtualMinutes} min`, instancesOf(instanceMinutes), usdAtLeast === undefined ? '' : `would cost at least ${usdText(usdAtLeast)}`, reason ?? '',
    ])),
    ...section('Chosen', choices.map(({ stack, resource, chosen, approval, why }) => [`${stack}/${resource}`, chosen, approval ?? '', why])),
    ...section('Calls', calls.map(({ service, calls: count, refused }) => [service, `${count}`, refused > 0 ? `${refused} refused` : ''])),
    ...section('Denied', denials.map(({ principal, action, times }) => [action, times > 1 ? `${times} times` : '', principal])),
    ...section('Opaque: recorded only, the local AWS does not model them', opaque.map(({ stack, resource, type, why }) => [`${stack}/${resource}`, type, why ?? ''])),
    ...section('Stays', Object.entries(stays).filter(([, names]) => names.length > 0).map(([kind, names]) => [kind, names.join(', ')])),
  ].join('\n');
}

function instancesOf(instanceMinutes: Readonly<Record<string, number>>): string {
  return Object.entries(instanceMinutes).map(([type, sum]) => `${type} ${sum} instance-minutes`).join(', ');
}

/** The last column is not padded, and an empty one leaves nothing. A reason may have several lines: only its first is shown. */
function columns(rows: ReadonlyArray<readonly string[]>): string[] {
  const lines = rows.map((row) => row.map((cell) => cell.split('\n')[0]));
  const widths = lines[0].map((_, column) => Math.max(...lines.map((row) => row[column].length)));
  return lines.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column])).filter((_, column) => widths[column] > 0).join('  ')}`.trimEnd());
}

/** A virtual span, as `1 h 05 min` or `45 s`. */
function span(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds % 3600 / 60)];
  if (hours > 0) { return `${hours} h ${String(minutes).padStart(2, '0')} min`; }
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}

function real(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}
