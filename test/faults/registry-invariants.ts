import { PATH } from './apps';
import { Foreign } from './foreign';
import { Asking, RegistryAws, RegistryStart } from './registry-aws';
import { slotsIn, Slot } from '../../lambda/approve/slots';
import { Execution } from '../../local-aws/step-functions';
import { BENCHMARK_SKIPPED } from '../../src/contract/events';
import { parameterNames } from '../../src/contract/parameters';
import { jobResourceOf } from '../../src/contract/start';

/** What must hold of registries whenever nothing happens any more, in the words that a violation is told in. */
export const REGISTRY_INVARIANTS = {
  cap: 'no month has more jobs of a registry than the highest cap that held in it',
  lost: 'each approval and renewal ends in a job that is followed to its end, or in an event that tells why not, unless its stack is deleted meanwhile',
  once: 'one approval or renewal starts at most one job, and is told at most once, however often it is delivered',
  twice: 'no content is benchmarked a second time while it runs or once it is completed, but for a renewal',
  reason: 'an approval is skipped only if the month is full, the service refuses its job, nothing is approved, or an outage lasted for 14 days',
  slot: 'no slot is taken but by a job that started in the month, and a month that has room gives it to the next approval',
  result: 'what is published is the result of the job that was asked for last',
  remains: 'no job runs, and no slot is left that was taken before, once the stack of its registry is deleted',
  untouched: 'nothing outside the stack is touched',
  ended: 'every operation ends as it is asked for, and nothing waits for ever',
  silent: 'no log line, event or input of an execution has a ResponseURL or its signature',
} as const;
export type RegistryInvariant = keyof typeof REGISTRY_INVARIANTS;

export interface RegistryViolation {
  readonly invariant: RegistryInvariant;
  readonly what: string;
}

/** One registry, from the creation of its stack to its deletion. */
export interface RegistryRecord {
  readonly stackId: string;
  /** When each cap held. */
  readonly caps: Array<{ readonly cap: number; readonly from: number; until: number }>;
  /** When its deletion began. */
  deleting?: number;
}

/** Later than everything. */
const FAR = Date.UTC(2100, 0);

/** What a version is, as the approvals' jobs have it. */
export type ContentOf = (packageArn: string) => string;

/** The month of a time, in UTC. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

/** Everything that is wrong at rest. */
export function registryViolations(
  aws: RegistryAws, registries: readonly RegistryRecord[], foreign: Foreign, contentOf: ContentOf,
): RegistryViolation[] {
  const say = (invariant: RegistryInvariant) => (what: string): RegistryViolation => ({ invariant, what });
  const followed = executionsOf(aws).filter(isFollowing).map(({ input }) => input);
  const texts = [...aws.ledger.logs, ...aws.told.map(({ detail }) => JSON.stringify(detail)), ...followed];
  return [
    ...registries.flatMap((registry) => overspent(aws, registry).map(say('cap'))),
    ...registries.flatMap((registry) => lost(aws, registry).map(say('lost'))),
    ...aws.askings.flatMap((asking) => repeated(aws, registries, asking).map(say('once'))),
    ...paidTwice(aws, contentOf).map(say('twice')),
    ...registries.flatMap((registry) => unreasonable(aws, registry).map(say('reason'))),
    ...registries.flatMap((registry) => leaked(aws, registry).map(say('slot'))),
    ...registries.flatMap((registry) => outdated(aws, registry).map(say('result'))),
    ...registries.flatMap((registry) => remains(aws, registry).map(say('remains'))),
    ...foreign.changed().map(say('untouched')),
    ...aws.ledger.wrong.map(say('ended')),
    ...texts.filter((line) => /cloudformation-response|Signature/.test(line)).map(say('silent')),
  ];
}

/** The most that a registry may start in a month. */
export function highestCap({ caps }: RegistryRecord, month: string): number {
  return Math.max(0, ...caps.filter(({ from, until }) => monthOf(from) <= month && month <= monthOf(Math.min(until, FAR))).map(({ cap }) => cap));
}

export function startsIn({ starts }: RegistryAws, { stackId }: RegistryRecord, month: string): RegistryStart[] {
  return starts.filter((start) => start.stackId === stackId && monthOf(start.at) === month);
}

/** The slots that are taken, as they were written before a time. */
export function slotsOf({ region: { cloudformation, ssm } }: RegistryAws, { stackId }: RegistryRecord, before = FAR): Slot[] {
  const approvals = [...cloudformation.stacks.get(stackId)!.resources.values()].find(({ type }) => jobResourceOf(type)?.role === 'Approvals');
  const path = String(approvals?.properties.SlotsPath);
  const parameters = [...ssm.parameters.values()].filter(({ Name, LastModifiedDate }) => Name.startsWith(`${path}/`) && LastModifiedDate.getTime() < before);
  return slotsIn(Object.fromEntries(parameters.map(({ Name, Value }) => [Name, Value])), path).filter(({ isFree }) => !isFree);
}

function overspent(aws: RegistryAws, registry: RegistryRecord): string[] {
  const months = new Set(aws.starts.filter(({ stackId }) => stackId === registry.stackId).map(({ at }) => monthOf(at)));
  return [...months].flatMap((month) => {
    const [count, cap] = [startsIn(aws, registry, month).length, highestCap(registry, month)];
    return count > cap ? [`${count} jobs in ${month}, with a cap of ${cap}`] : [];
  });
}

function lost(aws: RegistryAws, registry: RegistryRecord): string[] {
  if (registry.deleting !== undefined) { return []; }
  const own = executionsOf(aws).filter((execution) => isFollowing(execution) && JSON.parse(execution.input).owner.StackId === registry.stackId);
  return aws.askings.filter(({ stackId }) => stackId === registry.stackId).flatMap((asking) => {
    const about = nameOf(asking);
    if (asking.executions.some((arn) => aws.aborted.has(arn))) { return []; }
    const over = asking.followed.size > 0 || toldSkipped(aws, asking) > 0;
    const unended = own.filter(({ input }) => asking.followed.has(JSON.parse(input).jobName)).filter(({ arn, status }) => (
      status !== 'SUCCEEDED' && !aws.aborted.has(arn)
    ));
    // Nothing outlasts an outage that is longer than everything is tried.
    return over ? (aws.longOutage ? [] : unended).map(({ name, status, cause }) => `${about}: following ${name} ended ${status}: ${cause}`) : [`${about} came to nothing`];
  });
}

function repeated(aws: RegistryAws, registries: readonly RegistryRecord[], asking: Asking): string[] {
  const started = new Set(aws.starts.filter((start) => start.asking === asking).map(({ jobName }) => jobName));
  const told = toldSkipped(aws, asking);
  const isDeleting = registries.some(({ stackId, deleting }) => stackId === asking.stackId && deleting !== undefined);
  // Inherent: what was refused may pass when the approval comes once more, and whether an answer arrived, nobody tells who sent it.
  const isTriedAgain = aws.starts.some((start) => start.asking === asking && (
    tellings(aws, asking).some(({ startDate }) => startDate.getTime() <= start.at)
    || aws.told.some(({ type, detail, at }) => type === BENCHMARK_SKIPPED && detail.ModelPackageArn === start.packageArn && at <= start.at)));
  return [
    ...started.size > 1 ? [`${nameOf(asking)} started ${[...started].join(' and ')}`] : [],
    ...told > 1 ? [`${nameOf(asking)} was told ${told} times`] : [],
    ...told > 0 && started.size > 0 && !isDeleting && !isTriedAgain && !aws.longOutage ? [`${nameOf(asking)} started ${[...started].join(' and ')} and was told as skipped`] : [],
  ];
}

function paidTwice(aws: RegistryAws, contentOf: ContentOf): string[] {
  const living = aws.jobs().filter(({ phase }) => phase === 'running' || phase === 'completed').map(({ name }) => name);
  const names = new Map<string, string[]>();
  for (const { jobName, stackId, packageArn, asking } of aws.starts.filter((start) => living.includes(start.jobName))) {
    const key = [stackId, contentOf(packageArn), asking.packageArn === '' ? asking.id : ''].join(' ');
    names.set(key, [...names.get(key) ?? [], jobName]);
  }
  return [...names.values()].filter(({ length }) => length > 1).map((several) => several.join(' and '));
}

const FULL = /^There were (\d+) benchmarks since (\d{4}-\d\d)-/;
const REASONS = [FULL, /^The account-level service limit is 0$/, /^No version of group .* is approved\.$/, /^The job's request would be refused: /];

function unreasonable(aws: RegistryAws, registry: RegistryRecord): string[] {
  return skipsOf(aws, registry).flatMap(({ detail: { Reason, ModelPackageArn }, at }) => {
    if (registry.deleting !== undefined && at >= registry.deleting) { return []; }
    const [, , month] = FULL.exec(Reason) ?? [];
    const lowest = Math.min(...registry.caps.filter(({ from, until }) => from <= at && monthOf(Math.min(until, FAR)) >= month).map(({ cap }) => cap));
    if (month !== undefined && startsIn(aws, registry, month).length < lowest) {
      return [`${ModelPackageArn}: ${Reason} But ${startsIn(aws, registry, month).length} jobs started`];
    }
    const isOutlasted = Reason.startsWith('No job could be started for 14 days') && aws.longOutage;
    return isOutlasted || REASONS.some((known) => known.test(Reason)) ? [] : [`${ModelPackageArn}: ${Reason}`];
  });
}

function leaked(aws: RegistryAws, registry: RegistryRecord): string[] {
  if (registry.deleting !== undefined) { return []; }
  const month = monthOf(aws.world.clock.now());
  // What an execution that somebody ended holds is given back when it is needed.
  const isLeft = ({ started, holder }: Slot) => started === '' && executionsOf(aws).some((execution) => (
    execution.name === holder && (aws.aborted.has(execution.arn) || gaveUp(execution))
  ));
  const slots = slotsOf(aws, registry);
  const open = slots.filter((slot) => slot.started === '' && !isLeft(slot)).length;
  const [taken, left] = [slots, slots.filter(isLeft)].map((those) => those.filter((slot) => slot.month === month).length);
  const count = startsIn(aws, registry, month).length;
  return [
    ...open > 0 ? [`${open} slots are held by executions that are over`] : [],
    ...taken < count || taken - left > count ? [`${taken} slots of ${month} are taken, and ${count} jobs started in it`] : [],
  ];
}

function outdated(aws: RegistryAws, registry: RegistryRecord): string[] {
  if (registry.deleting !== undefined) { return []; }
  const jobs = new Map(aws.jobs().map((job) => [job.name, job]));
  const results = executionsOf(aws).filter(isFollowing).filter(({ input, status }) => input.includes(registry.stackId) && status === 'SUCCEEDED')
    .map(({ input }) => JSON.parse(input) as { jobName: string; askedAt: string })
    .filter(({ jobName }) => jobs.get(jobName)?.phase === 'completed' && jobs.get(jobName)!.recommended.size > 0);
  if (results.length === 0) { return []; }
  const last = results.map(({ askedAt }) => Date.parse(askedAt)).sort((a, b) => b - a)[0];
  const wanted = results.filter(({ askedAt }) => Date.parse(askedAt) === last).map(({ jobName }) => jobName);
  const { whole } = parameterNames(parameterNames(PATH).pending);
  const published = JSON.parse(aws.region.ssm.parameters.get(whole)?.Value ?? '{}').JobName;
  // Inherent: Parameter Store has no condition of a write, so an earlier result that is still worked on may write over a later one.
  const writes = aws.writes;
  const isAtOnce = writes.some((one) => writes.some((other) => one.jobName !== other.jobName && one.began <= other.at && one.at >= other.began));
  return isAtOnce || wanted.includes(published) ? [] : [`${published} is published, and ${wanted.join(' or ')} was asked for last`];
}

function remains(aws: RegistryAws, registry: RegistryRecord): string[] {
  const stack = aws.region.cloudformation.stacks.get(registry.stackId)!;
  if (stack.status !== 'DELETE_COMPLETE') { return []; }
  const names = new Set(aws.starts.filter(({ stackId }) => stackId === registry.stackId).map(({ jobName }) => jobName));
  return [
    // One that is told to stop ends by itself.
    ...aws.jobs().filter(({ name, phase }) => names.has(name) && phase === 'running').map(({ name, status }) => `${name} is ${status}`),
    // Inherent: a call that is under way while the stack is deleted may write when the function has no permission any more to delete it again.
    ...slotsOf(aws, registry, registry.deleting).map(({ month }) => `a slot of ${month} is left`),
  ];
}

/**
 * How often an approval was told as skipped: by an execution of its own, or by those that gave up. Inherent: whoever gives up says so, also if others have
 * said it, because the function that could know of the others does not run.
 */
function toldSkipped(aws: RegistryAws, asking: Asking): number {
  const hasGivenUp = executionsOf(aws).some((execution) => asking.executions.includes(execution.arn) && gaveUp(execution));
  return Math.max(tellings(aws, asking).length, hasGivenUp ? 1 : 0);
}

/** The executions that only tell of an approval. */
function tellings(aws: RegistryAws, { id, stackId, packageArn }: Asking): Execution[] {
  const called = packageArn === '' ? id.replace(/\W/g, '') : id;
  return executionsOf(aws).filter(({ name, status, input }) => {
    if (status !== 'SUCCEEDED' || !name.endsWith(called)) { return false; }
    const { entries, owner } = JSON.parse(input);
    return entries && owner.StackId === stackId;
  });
}

function gaveUp({ history, status }: Execution): boolean {
  return status === 'SUCCEEDED' && history.some(({ stateEnteredEventDetails }) => (stateEnteredEventDetails as any)?.name === 'GiveUp');
}

function skipsOf({ told }: RegistryAws, { stackId }: RegistryRecord): RegistryAws['told'] {
  return told.filter(({ type, detail }) => type === BENCHMARK_SKIPPED && detail.StackId === stackId);
}

function executionsOf({ region }: RegistryAws): Execution[] {
  return [...region.stepFunctions.executions.values()];
}

/** Whether an execution follows a job. */
function isFollowing({ input }: Pick<Execution, 'input'>): boolean {
  return Boolean(JSON.parse(input).lastStatus && JSON.parse(input).jobName);
}

function nameOf({ packageArn, id }: Asking): string {
  return packageArn === '' ? `the renewal of ${id}` : `the approval of ${packageArn.split('/').slice(-2).join('/')}`;
}
