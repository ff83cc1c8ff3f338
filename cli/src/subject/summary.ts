import { allRunsTable, resultsText, runsData } from './benchmark-archive';
import { benchmarksTable } from './benchmarks';
import type { Choice } from './choice';
import { endpointText } from './endpoint';
import { nounOf } from './families';
import { dollars, durationText } from './figures';
import type { Measured } from './job';
import { judged, rankingTable } from './ranking';
import { choicesWithoutStack, JobOfStack } from './subject';
import { capitalized, estimateText, notesOf, titleOf } from './words';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { COST_TAG } from '../../../src/contract/claims';
import { Io, styled } from '../terminal/io';
import { cell, Format, rendered, Table } from '../terminal/table';

/** Jobs as people read them: what each is, then the ranked tables, or the benchmarks until it has completed. A spreadsheet has one table. */
export function jobsText(jobs: readonly JobOfStack[], format: Exclude<Format, 'json'>, io: Io): string {
  if (format === 'csv') { return rendered(tableOfAll(jobs), 'csv', io); }
  return jobs.flatMap((one) => [
    headline(one, format === 'markdown' ? { ...io, hasColors: false } : io),
    ...one.job?.measured && 'runs' in one.job.measured ? [resultsText(one.job.measured, format, io)] : [],
    ...tablesOf(one).map(({ table, choice }) => [
      rendered(choice ? { ...table, title: titleOf(choice) } : table, format, io),
      ...choice ? notesOf(choice).map((note) => styled({ hasColors: io.hasColors && format === 'table' }, 'yellow', note)) : [],
    ].join('\n')),
  ]).join('\n\n');
}

/** All rows with the columns of all tables, behind the job and the choice that each row is of. */
function tableOfAll(jobs: readonly JobOfStack[]): Table {
  const all = jobs.flatMap((one) => tablesOf(one, { isWhole: true }).map(({ table, choice }) => ({
    table, of: { job: cell(one.jobName ?? ''), construct: cell(one.construct ?? ''), choice: cell(choice?.name ?? '') },
  })));
  const columns = new Map(all.flatMap(({ table }) => table.columns).map((column) => [column.key, column]));
  return {
    columns: [...['job', 'construct', 'choice'].map((key) => ({ key, title: key })), ...columns.values()],
    rows: all.flatMap(({ table, of }) => table.rows.map((row) => ({ ...of, ...row }))),
  };
}

function headline({ construct, family, job, jobName }: JobOfStack, io: Io): string {
  const noun = nounOf(family);
  const name = construct === undefined ? `${capitalized(noun)} ${jobName}` : `${construct}: ${noun} ${jobName ?? 'not started yet'}`;
  if (!job) { return `${styled(io, 'bold', name)}${jobName === undefined ? '' : ': SageMaker does not know it (yet)'}`; }
  const { title, status, created, ended, failureReason, details, isFree, target, tags, usdAtLeast, measured } = job;
  const estimate = tags[COST_TAG];
  const logs = job.console ?? job.logs;
  const facts = [
    title,
    status,
    ...created && ended ? [durationText(ended.getTime() - created.getTime())] : [],
    ...details,
    ...isFree ? ['free'] : [],
    ...estimate ? [`estimated ${estimateText(estimate)}`] : [],
    ...usdAtLeast === undefined ? [] : [`cost at least ${dollars(usdAtLeast)} USD`],
  ];
  return [
    styled(io, 'bold', name),
    facts.join(', '),
    ...target === undefined ? [] : [`of ${target}`],
    ...logs === undefined ? [] : [`logs: ${logs}`],
    ...failureReason ? [styled(io, 'red', failureReason)] : [],
    ...measured && 'address' in measured ? [`measured: ${measured.address}`] : [],
    ...measured && 'trouble' in measured ? [styled(io, 'yellow', measured.trouble)] : [],
  ].join('\n');
}

interface TableOfJob {
  readonly table: Table;
  readonly choice?: Choice;
}

function tablesOf({ job, choices }: JobOfStack, { isWhole = false } = {}): readonly TableOfJob[] {
  if (!job) { return []; }
  if (job.measured) { return isWhole ? [{ table: allRunsTable('runs' in job.measured ? job.measured.runs : []) }] : []; }
  if (job.phase !== 'completed') { return job.benchmarks.length > 0 ? [{ table: benchmarksTable(job) }] : []; }
  // A job that nothing chooses from is ranked as one without a stack.
  return (choices.length > 0 ? choices : choicesWithoutStack(job)).map((choice) => ({ table: rankingTable(choice, { isWhole }), choice }));
}

/** A job with its choices, as programs read it. */
export function jobData({ construct, family, job, jobName, choices }: JobOfStack) {
  return {
    construct,
    name: jobName,
    family: job?.family ?? family,
    ...job && {
      arn: job.arn,
      type: job.type,
      title: job.title,
      status: job.status,
      failureReason: job.failureReason,
      created: job.created,
      ended: job.ended,
      target: job.target,
      modelPackageArn: job.packageArn,
      modelName: job.modelName,
      endpointName: job.endpointName,
      workload: job.workload,
      estimatedCost: job.tags[COST_TAG],
      usdAtLeast: job.usdAtLeast,
      console: job.console,
      logs: job.logs,
      benchmarks: job.benchmarks.map(({ endpoint, figures, ...one }) => ({ endpoint: endpointText(endpoint), ...one, figures })),
      measured: job.measured && measuredData(job.measured),
      // As the service reported them: those of a choice have the count and the cost that its load needs.
      ...job.phase === 'completed' && { recommendations: job.recommendations.map(recommendationData) },
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

function measuredData(measured: Measured) {
  return 'trouble' in measured ? measured : { address: measured.address, search: measured.search, runs: runsData(measured.runs) };
}

/** Of the attributes, those that say what is deployed: the others are the figures, and what the endpoint is. */
function recommendationData({ attributes, reported = {}, ...one }: JobRecommendation) {
  const { ModelPackageArn, CopyCountPerInstance, AcceleratorCount, MinMemoryRequiredInMb, BenchmarkJobName } = attributes;
  return {
    ...one,
    ...Object.keys(reported).length > 0 && { reported },
    inferenceSpecification: attributes.InferenceSpecificationName,
    modelPackageArn: ModelPackageArn,
    copiesPerInstance: CopyCountPerInstance,
    acceleratorsPerCopy: AcceleratorCount,
    memoryMbPerCopy: MinMemoryRequiredInMb,
    benchmarkJobName: BenchmarkJobName,
  };
}
