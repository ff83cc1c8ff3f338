import { Account, accountOf } from '../account/account';
import { policyOf, SUBJECT_ACTIONS } from '../account/policy';
import { benchmarksTable } from '../subject/benchmarks';
import { Choice } from '../subject/choice';
import { endpointText } from '../subject/endpoint';
import { durationText } from '../subject/figures';
import { judged, rankingTable } from '../subject/ranking';
import { JobOfStack, subjectOf } from '../subject/subject';
import { ACCOUNT_FLAGS, formatOf, required, wordsAndFlags } from '../terminal/flags';
import { Io, styled } from '../terminal/io';
import { Format, rendered } from '../terminal/table';
import { USAGES } from '../terminal/usages';

/** Shows what a stack's jobs recommend, or one job. */
export async function show(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = wordsAndFlags(args, { ...ACCOUNT_FLAGS, format: { type: 'string' } }, { usage: USAGES.show, most: 1 });
  if (values.policy) { io.out(policyOf(SUBJECT_ACTIONS)); return 0; }
  const word = required(words[0], 'The name of a stack or of a job', USAGES.show);
  const format = formatOf(values);
  return showJobs(accountOf(values), word, format, io);
}

/** @returns the exit code: 1 if there is nothing to show */
export async function showJobs(account: Account, word: string, format: Format, io: Io): Promise<number> {
  const { stack, jobs } = await subjectOf(account, word);
  if (format === 'json') {
    io.out(JSON.stringify({ stack: stack && { name: stack.name, id: stack.id, status: stack.status }, jobs: jobs.map(asData) }, undefined, 2));
    return jobs.length > 0 ? 0 : 1;
  }
  if (jobs.length === 0) {
    io.err(`Stack ${word} has no Inference Recommender job`);
    return 1;
  }
  const parts = jobs.flatMap((one) => [
    ...format === 'csv' ? [] : [headline(one, format === 'markdown' ? { ...io, hasColors: false } : io)],
    ...bodyOf(one, format, io),
  ]);
  io.out(parts.join('\n\n'));
  return 0;
}

function headline({ construct, job, jobName }: JobOfStack, io: Io): string {
  const name = construct === undefined ? `Job ${jobName}` : `${construct}: job ${jobName ?? 'not started yet'}`;
  if (!job) { return `${styled(io, 'bold', name)}${jobName === undefined ? '' : ': SageMaker does not know it (yet)'}`; }
  const { type, status, created, ended, failureReason, packageArn, modelName, tags } = job;
  const estimate = tags['InferenceRecommender:EstimatedCost'];
  const facts = [
    type === 'Default' ? 'instance recommendation' : 'load test',
    status,
    ...created && ended ? [durationText(ended.getTime() - created.getTime())] : [],
    ...estimate ? [`estimated at most ${estimate}`] : [],
  ];
  return [styled(io, 'bold', name), facts.join(', '), `of ${packageArn ?? modelName}`, ...failureReason ? [styled(io, 'red', failureReason)] : []].join('\n');
}

function bodyOf({ job, choices }: JobOfStack, format: Exclude<Format, 'json'>, io: Io): string[] {
  if (!job) { return []; }
  if (job.phase !== 'completed') { return [rendered(benchmarksTable(job), format, io)]; }
  return choices.map((choice) => [
    rendered(rankingTable(choice, format === 'csv' ? undefined : titleOf(choice)), format, io),
    ...format === 'csv' ? [] : notesOf(choice).map((note) => styled({ hasColors: io.hasColors && format === 'table' }, 'yellow', note)),
  ].join('\n'));
}

function titleOf({ name, criteria: { objective, limits, load } }: Choice): string {
  const words = objective.replace(/([A-Z])/g, ' $1').trim().toLowerCase();
  return [
    `${name ?? 'Ranked'} by ${words}`,
    ...load ? [`for ${load.invocationsPerMinute} requests a minute and ${load.headroomPercent}% headroom`] : [],
    ...limits.length > 0 ? [`with ${limits.map(({ metric, bound, value }) => `${metric} at ${bound} ${value}`).join(', ')}`] : [],
  ].join(' ');
}

function notesOf({ pools, fallback, unknown, written, pending, ranking }: Choice): string[] {
  const chosen = pools?.chosen[0].recommendation.id;
  return [
    ...!pools && fallback ? [`None may be chosen, so the stack uses its fallback, ${fallback.InstanceType ?? `serverless ${fallback.ServerlessMemorySizeInMB} MB`}.`] : [],
    ...!pools && !fallback ? ['None may be chosen, and there is no fallback.'] : [],
    ...written?.Chosen && chosen && written.Chosen !== chosen && ranking.ranked.length > 0
      ? [`At its last deploy the stack chose ${written.Chosen.split('/').pop()}: its next deploy may choose again.`] : [],
    ...pending ? [`A result waits for your decision at ${pending.path}: ${pending.summary}`] : [],
    ...written?.Warning ? [`The stack says: ${written.Warning}`] : [],
    ...unknown.length > 0 ? [`Only the deploy knows ${unknown.join(', ')}: the stack's own choice may differ.`] : [],
  ];
}

function asData({ construct, job, jobName, choices }: JobOfStack) {
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
      estimatedCost: job.tags['InferenceRecommender:EstimatedCost'],
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
