import { Cause, causesOf } from './causes';
import type { Facts, JobFacts } from './facts';
import { gather } from './gather';
import { accountOf } from '../account/account';
import { policyOf, SUBJECT_ACTIONS } from '../account/policy';
import { NO_JOBS } from '../subject/words';
import { ACCOUNT_FLAGS, required, wordsAndFlags } from '../terminal/flags';
import { Io, styled } from '../terminal/io';
import { USAGES } from '../terminal/usages';

/** What it takes to look at all that a job depends on. */
export const DIAGNOSE_ACTIONS = [
  ...SUBJECT_ACTIONS,
  'cloudformation:DescribeStackEvents', 'cloudformation:DescribeStackResources', 'cloudformation:ListStacks',
  'iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:GetRole', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies',
  // A job that may have begun in a deploy that failed.
  'sagemaker:ListAIBenchmarkJobs',
  'logs:DescribeLogStreams', 'logs:GetLogEvents',
  's3:GetObject', 's3:ListBucket',
  'servicequotas:ListServiceQuotas',
];

/** Says why a stack's jobs, or one job, went wrong. @returns the exit code: 1 if there is a cause */
export async function diagnose(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = wordsAndFlags(args, ACCOUNT_FLAGS, { usage: USAGES.diagnose, most: 1 });
  if (values.policy) { io.out(policyOf(DIAGNOSE_ACTIONS)); return 0; }
  const word = required(words[0], 'The name of a stack or of a job', USAGES.diagnose);
  return tell(await gather(accountOf(values), word), Boolean(values.json), io);
}

/** @returns the exit code: 1 if there is a cause */
export function tell(facts: Facts, isJson: boolean, io: Io): number {
  const causes = causesOf(facts);
  io.out(isJson ? JSON.stringify({ ...about(facts), causes, notes: facts.notes }, undefined, 2) : asText(facts, causes, io));
  return causes.length > 0 ? 1 : 0;
}

function about({ stack, jobs }: Facts) {
  return {
    stack: stack && { name: stack.name, id: stack.id, status: stack.status },
    jobs: jobs.map(({ construct, jobName, job }) => ({ construct, jobName, status: job?.status })),
  };
}

function asText(facts: Facts, causes: readonly Cause[], io: Io): string {
  const notes = facts.notes.map((note) => styled(io, 'yellow', `Note: ${note}`));
  const { stack, jobs } = facts;
  const ofStack = stack ? [`Stack ${stack.name} is ${stack.status}${jobs.length === 0 ? ` and has ${NO_JOBS}` : ''}`] : [];
  const state = `${[...ofStack, ...jobs.map(stateOf)].join('; ')}.`;
  if (causes.length === 0) { return [`Nothing is wrong. ${state}`, ...notes].join('\n'); }
  return [state, ...causes.map((cause, index) => textOf(cause, index + 1, io)), ...notes.length > 0 ? [notes.join('\n')] : []].join('\n\n');
}

function stateOf({ construct, jobName, job }: JobFacts): string {
  const name = `${job?.noun ?? 'job'} ${jobName ?? `of ${construct}`}`;
  return job ? `${name} is ${job.status}` : `${name} was not started, or SageMaker no longer knows it`;
}

function textOf({ title, likelihood, saw, remedy, page, id }: Cause, place: number, io: Io): string {
  return [
    `${styled(io, 'bold', `${place}. ${title}`)} ${styled(io, 'dim', `(${wordFor(likelihood)}, ${id})`)}`,
    ...saw.map(({ source, text }) => `   ${styled(io, 'dim', `${source}:`)} ${text}`),
    `   ${styled(io, 'green', 'Remedy:')} ${remedy}`,
    `   ${styled(io, 'dim', page)}`,
  ].join('\n');
}

/** A likelihood in words. */
export function wordFor(likelihood: number): string {
  return likelihood >= 0.8 ? 'very likely' : likelihood >= 0.6 ? 'likely' : likelihood >= 0.4 ? 'possible' : 'unlikely';
}
