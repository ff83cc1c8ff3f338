import { benchmarksTable } from './benchmarks';
import { Choice, choiceOf } from './choice';
import { endpointText } from './endpoint';
import { dollars, durationText } from './figures';
import { judged, rankingTable } from './ranking';
import type { JobOfStack } from './subject';
import { estimateText, kindText, notesOf, titleOf } from './words';
import { COST_TAG } from '../../../src/contract/claims';
import { jobLink } from '../../../src/service/console-link';
import { Io, styled } from '../terminal/io';
import { cell, Format, rendered, Table } from '../terminal/table';

/** Jobs as people read them: what each is, then the ranked tables, or the benchmarks until it has completed. A spreadsheet has one table. */
export function jobsText(jobs: readonly JobOfStack[], format: Exclude<Format, 'json'>, io: Io): string {
  if (format === 'csv') { return rendered(tableOfAll(jobs), 'csv', io); }
  return jobs.flatMap((one) => [
    headline(one, format === 'markdown' ? { ...io, hasColors: false } : io),
    ...tablesOf(one).map(({ table, choice }) => [
      rendered({ ...table, title: choice && titleOf(choice) }, format, io),
      ...choice ? notesOf(choice).map((note) => styled({ hasColors: io.hasColors && format === 'table' }, 'yellow', note)) : [],
    ].join('\n')),
  ]).join('\n\n');
}

/** All rows with the columns of all tables, behind the job and the choice that each row is of. */
function tableOfAll(jobs: readonly JobOfStack[]): Table {
  const all = jobs.flatMap((one) => tablesOf(one).map(({ table, choice }) => ({
    table, of: { job: cell(one.jobName ?? ''), construct: cell(one.construct ?? ''), choice: cell(choice?.name ?? '') },
  })));
  const columns = new Map(all.flatMap(({ table }) => table.columns).map((column) => [column.key, column]));
  return {
    columns: [...['job', 'construct', 'choice'].map((key) => ({ key, title: key })), ...columns.values()],
    rows: all.flatMap(({ table, of }) => table.rows.map((row) => ({ ...of, ...row }))),
  };
}

function headline({ construct, job, jobName }: JobOfStack, io: Io): string {
  const name = construct === undefined ? `Job ${jobName}` : `${construct}: job ${jobName ?? 'not started yet'}`;
  if (!job) { return `${styled(io, 'bold', name)}${jobName === undefined ? '' : ': SageMaker does not know it (yet)'}`; }
  const { arn, type, status, created, ended, failureReason, packageArn, modelName, tags, usdAtLeast } = job;
  const estimate = tags[COST_TAG];
  const facts = [
    kindText(type),
    status,
    ...created && ended ? [durationText(ended.getTime() - created.getTime())] : [],
    ...estimate ? [`estimated ${estimateText(estimate)}`] : [],
    ...usdAtLeast === undefined ? [] : [`cost at least ${dollars(usdAtLeast)} USD`],
  ];
  const link = jobLink(arn.split(':')[3] ?? '', job.name);
  return [
    styled(io, 'bold', name),
    facts.join(', '),
    `of ${packageArn ?? modelName}`,
    ...link ? [`logs: ${link}`] : [],
    ...failureReason ? [styled(io, 'red', failureReason)] : [],
  ].join('\n');
}

function tablesOf({ job, choices }: JobOfStack): ReadonlyArray<{ readonly table: Table; readonly choice?: Choice }> {
  if (!job) { return []; }
  if (job.phase !== 'completed') { return [{ table: benchmarksTable(job) }]; }
  // A job that nothing chooses from is ranked as one without a stack.
  return (choices.length > 0 ? choices : [choiceOf(job)]).map((choice) => ({ table: rankingTable(choice), choice }));
}

/** A job with its choices, as programs read it. */
export function jobData({ construct, job, jobName, choices }: JobOfStack) {
  return {
    construct,
    name: jobName,
    ...job && {
      arn: job.arn,
      type: job.type,
      status: job.status,
      failureReason: job.failureReason,
      created: job.created,
      ended: job.ended,
      modelPackageArn: job.packageArn,
      modelName: job.modelName,
      estimatedCost: job.tags[COST_TAG],
      usdAtLeast: job.usdAtLeast,
      console: jobLink(job.arn.split(':')[3] ?? '', job.name),
      benchmarks: job.benchmarks.map(({ endpoint, figures, ...one }) => ({ endpoint: endpointText(endpoint), ...one, figures })),
      // As the service reported them: those of a choice have the count and the cost that its load needs.
      ...job.phase === 'completed' && {
        recommendations: job.recommendations
          .map(({ attributes, ...one }) => ({ ...one, inferenceSpecification: attributes.InferenceSpecificationName })),
      },
    },
    choices: choices.map((choice) => ({
      name: choice.name,
      objective: choice.criteria.objective,
      limits: choice.criteria.limits.map(({ name, value }) => ({ name, value })),
      load: choice.criteria.load,
      criteria: choice.criteria,
      fallback: choice.fallback,
      pending: choice.pending,
      unknown: choice.unknown,
      recommendations: judged(choice)
        .map(({ id, verdict, endpoint, ranked: { figures }, reasons }) => ({ id, verdict, ...endpoint, figures, reasons })),
    })),
  };
}
