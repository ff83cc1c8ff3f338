import { PATH } from './apps';
import { Faults } from './faults';
import { Foreign } from './foreign';
import { HostileAws } from './hostile-aws';
import { constructOf, contentOf, Ledger, RequestRecord, StartRecord } from './ledger';
import { StackLife } from './stack-life';
import { Stack } from '../../local-aws/cloudformation';
import { canonical, parseAttempt } from '../../src/contract/job-name';
import { parameterNames } from '../../src/contract/parameters';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../src/contract/recommend';
import { jobResourceOf, jobResourceType } from '../../src/contract/start';

/** What must hold whenever nothing happens any more, in the words that a violation is told in. */
export const INVARIANTS = {
  orphan: 'no job runs that no stack holds, unless it was started for a request that CloudFormation had given up, or a rollback was told to skip; in the end there is none',
  twice: 'at most one running or completed job for one content and trigger in its scope',
  bill: 'one operation on a stack, and one request of it, starts at most one job for one content, unless the service dropped the first',
  answers: 'CloudFormation takes exactly one answer for a request, within its hour, and every later one is identical, but for a failure\'s reason, and where a fault struck the request, its job vanished or a later request came before a repeated delivery',
  silence: 'a request goes unanswered only where nothing could speak: its event dropped, its execution ended from outside, three calls or more struck, or eighteen PUTs',
  executions: 'one request starts at most one execution',
  attributes: 'attributes of a stack are those of its own completed job, unless a rollback was told to skip, or had to run a dropped job again',
  published: 'the parameters of a stack have what its recommendation answered, and are gone with it, unless a rollback was told to skip, deliveries of two requests wrote at once, a renamed recommendation could not be deleted, or CloudFormation holds a resource twice',
  foreign: 'nothing outside the stack is touched',
  stolen: 'no stack stops a job that another one holds',
  end: 'every operation ends in its time, and is refused only for its stack\'s status',
  role: 'the role of a job is there until the job is over, unless it was started for a request that CloudFormation had given up',
  secrets: 'no log line has a ResponseURL or its signature',
  gentle: 'a fault that strikes a request twice at most changes the outcome of no operation, and leaves no model behind',
  overdue: 'no job runs longer than its construct lets it, but for the time between two looks at it',
  packages: 'a function deletes only what its own jobs have registered, and only where its app says so; in the end nothing of it is left there',
  approval: 'a function approves only what its own job has registered, and only where its app says so',
  left: 'a deleted stack leaves no workload, endpoint, component or model behind',
  free: 'where a recommendation costs nothing, no job is started',
  recovery: 'once the trouble is over, a failed stack is repaired within six tries, and deleted whole',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
}

/** Lambda delivers an event three times. */
const SILENCING = 2.99;
/** The calls of two times two minutes, one every five seconds: an outage that outlasts what a handler can wait. */
const OUTLASTING = 40;
const COMPLETE = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/;

/** Everything that is wrong at rest, or when everything is over. */
export function violations(aws: HostileAws, lives: readonly StackLife[], foreign: Foreign, isOver = false): Violation[] {
  const say = (invariant: Invariant) => (what: string): Violation => ({ invariant, what });
  return [
    ...orphans(aws, lives, foreign, isOver).map(say('orphan')),
    ...paidTwice(aws).map(say('twice')),
    ...billed(aws).map(say('bill')),
    ...[...aws.ledger.requests.values()].flatMap((request) => misheard(aws, request).map(say('answers'))),
    ...silences(aws).map(say('silence')),
    ...[...aws.ledger.requests.values()].filter(({ executions }) => executions > 1).map(({ event }) => say('executions')(event.LogicalResourceId)),
    ...lives.filter(({ skipped, status }) => !skipped && COMPLETE.test(status)).flatMap(({ record }) => strangers(aws, record!).map(say('attributes'))),
    ...lives.filter(({ skipped }) => !skipped).flatMap((life) => published(aws, life).map(say('published'))),
    ...foreign.changed().map(say('foreign')),
    ...aws.ledger.stolen.map(say('stolen')),
    ...aws.ledger.wrong.map(say('end')),
    ...aws.ledger.roleless.map(say('role')),
    ...aws.ledger.logs.filter((line) => /cloudformation-response|Signature/.test(line)).map(say('secrets')),
    ...aws.family.violations?.(aws, lives, foreign, isOver) ?? [],
  ];
}

/** A stack holds the jobs of its start resources. */
function orphans(aws: HostileAws, lives: readonly StackLife[], foreign: Foreign, isOver: boolean): string[] {
  const { region, ledger, faults, family: { jobs } } = aws;
  const stacks = [...region.cloudformation.stacks.values()];
  return aws.jobs().flatMap(({ name, arn, status, phase }) => {
    // One that is told to stop ends by itself.
    if (phase !== 'running' || foreign.has(name)) { return []; }
    const { id } = parseAttempt(name);
    const isHeld = stacks.some(({ deleted, resources }) => !deleted && [...resources.values()].some(({ type, physicalId, status: of }) => (
      type === jobResourceType(jobs!.family.name, '') && physicalId === id && of !== 'DELETE_COMPLETE'
    )));
    if (isHeld) { return []; }
    const tags = region.sagemaker.state.tags.get(arn) ?? [];
    const claimants = stacks.filter(({ id: stackId }) => tags.some(({ Value }) => Value === stackId));
    // Inherent: a rollback that was told to skip a resource asks it nothing, and its next update, its deletion or what looks after the job is the first.
    const isSkipped = lives.some(({ record, skipped }) => skipped && claimants.includes(record!));
    // Inherent: the event came, or came again, after CloudFormation had given it up, and nothing that a function may ask tells it so.
    const isLate = ledger.starts.some(({ jobName, late }) => jobName === name && late);
    // A clean-up whose Delete fails three times leaves the job to what looks after it.
    const isLeftBehind = [...ledger.requests.values()].some(({ event, answers }) => (
      event.RequestType === 'Delete' && jobResourceOf(event.ResourceType)?.role === '' && claimants.some(({ id: stackId }) => stackId === event.StackId)
      && answers.some(({ body }) => JSON.parse(body).Status === 'FAILED')));
    const isForLater = isSkipped || isLate || isLeftBehind || claimants.some((owner) => owner.status.endsWith('_FAILED') && isUndecided(owner, ledger, faults));
    // Inherent as well: a stack that has gone by then has nothing left that looks after the job.
    const isLookedAfter = !isLate || claimants.some(({ deleted }) => !deleted);
    return isForLater && !(isOver && isLookedAfter) ? [] : [`${name} is ${status} and ${claimants.map((owner) => `${owner.name} is ${owner.status}`).join(', ') || 'no stack claims it'}`];
  });
}

/**
 * Whether it is for the next operation on a failed stack to stop a job or to go on with it: what was to undo failed, no answer came, a Create failed
 * and may be resumed, or an Update failed in an outage in which nothing could be stopped either.
 */
function isUndecided(owner: Stack, { requests }: Ledger, faults: Faults): boolean {
  if (owner.status !== 'UPDATE_FAILED') { return true; }
  const lasts = new Map<string, RequestRecord>();
  for (const request of requests.values()) {
    const { StackId, LogicalResourceId, ResourceType } = request.event;
    if (StackId === owner.id && jobResourceOf(ResourceType)?.role === '') { lasts.set(constructOf(LogicalResourceId), request); }
  }
  return [...lasts.values()].some((last) => owner.resources.get(last.event.LogicalResourceId)?.status === 'CREATE_FAILED'
    || !last.answers.some(({ taken }) => taken) || faults.weightOf(last.event.RequestId) >= OUTLASTING);
}

function paidTwice(aws: HostileAws): string[] {
  const jobs = aws.jobs().filter(({ phase }) => phase === 'running' || phase === 'completed').map(({ name }) => name);
  const living = aws.ledger.starts.filter(({ jobName }) => jobs.includes(jobName));
  return repeated(living.map(({ content, packageCreated, jobName }) => [content + packageCreated, jobName]));
}

function billed({ ledger: { starts, vanished, stopped } }: HostileAws): string[] {
  // Inherent: where somebody stopped the first job, another stack starts the next one, and when that stack is gone, whoever has waited on starts another.
  const isTakenOver = ({ jobName, stackId }: StartRecord) => {
    const { id, attempt } = parseAttempt(jobName);
    return stopped.has(jobName) && starts.some((other) => {
      const next = parseAttempt(other.jobName);
      return other.stackId !== stackId && next.id === id && next.attempt > attempt;
    });
  };
  const isDropped = ({ jobName }: StartRecord) => [...vanished].some((gone) => parseAttempt(gone).id === parseAttempt(jobName).id);
  const counted = starts.filter((start) => !isDropped(start) && !isTakenOver(start));
  return [
    ...repeated(counted.map(({ content, packageCreated, operation, stackId, jobName }) => [`${operation} ${stackId} ${content}${packageCreated}`, jobName])),
    ...repeated(counted.map(({ requestId, jobName }) => [requestId, jobName])),
  ];
}

/** Keys that more than one name has. */
function repeated(pairs: ReadonlyArray<readonly [key: string, name: string]>): string[] {
  const names = new Map<string, Set<string>>();
  pairs.forEach(([key, name]) => names.set(key, (names.get(key) ?? new Set()).add(name)));
  return [...names.values()].filter(({ size }) => size > 1).map((several) => [...several].join(' and '));
}

function misheard({ faults, ledger }: HostileAws, { event, asked, answers }: RequestRecord): string[] {
  const taken = answers.filter((answer) => answer.taken);
  const [first] = taken;
  const about = `${event.RequestType} of ${event.LogicalResourceId}`;
  // Inherent: whether an answer arrived, nobody tells who sent it; if what comes after it cannot be done, that is what the next one says.
  const hasVanished = first !== undefined && [...ledger.vanished].some((name) => first.body.includes(name));
  // Inherent: a repeated delivery finds what a later request for the same construct has done.
  const isOvertaken = (at: number) => [...ledger.requests.values()].some(({ event: other, asked: later }) => (
    other.StackId === event.StackId && constructOf(other.LogicalResourceId) === constructOf(event.LogicalResourceId)
    && other.RequestId !== event.RequestId && later >= first.at && later <= at
  ));
  // Inherent: an update that has begun meanwhile takes permissions away, and results that may not be read say so.
  const isDenied = (body: string, at: number) => /^{"Status":"SUCCESS".*is not authorized to perform/.test(body) && [...ledger.requests.values()].some(({ event: other, asked: later }) => (
    other.StackId === event.StackId && later >= first.at && later <= at));
  // Inherent: once a Delete is answered, its construct's permissions go, and a delivery that begins then has none from its first call on.
  const hasEnded = (body: string, began: number) => event.RequestType === 'Delete' && began >= first.at && /^{"Status":"FAILED".*is not authorized to perform/.test(body);
  // Inherent: a delivery that comes while its stack goes back is refused for that alone, and does not know of what it failed before.
  const refusal = /^{"Status":"FAILED".*(CloudFormation no longer waits for this Create|the stack is \w+ by now: no job was started)/;
  const isRefused = (body: string) => first.body.startsWith('{"Status":"FAILED"') && refusal.test(body);
  const mayDiffer = ({ body, at, began }: RequestRecord['answers'][number]) => isOvertaken(at) || isDenied(body, at) || hasEnded(body, began) || isRefused(body)
    || isListedByNow(JSON.parse(first.body).Data, JSON.parse(body).Data)
    || ((hasVanished || faults.strikesOf(event.RequestId) > 0) && JSON.parse(body).Status !== JSON.parse(first.body).Status);
  return [
    ...taken.length > 1 ? [`${about}: ${taken.length} answers were taken`] : [],
    ...first && first.at > asked + 3600_000 ? [`${about}: answered after its hour`] : [],
    ...first ? answers.filter((later) => said(later.body) !== said(first.body) && !mayDiffer(later)).map(({ body }) => `${about}: ${first.body}, and then ${body}`) : [],
  ];
}

/** Inherent: when a request comes once more, the service may recommend for a model something that it did not recommend before. */
function isListedByNow(before: Readonly<Record<string, unknown>> | undefined, now: Readonly<Record<string, unknown>> | undefined): boolean {
  return before?.Source === 'Fallback' && now?.Source === 'Instant';
}

function said(body: string): string {
  const { Reason: _reason, ...rest } = JSON.parse(body);
  return JSON.stringify(rest);
}

function silences({ region, ledger, faults }: HostileAws): string[] {
  return [...region.cloudformation.stacks.values()].flatMap(({ events }) => events.flatMap(({ reason, logicalId }) => {
    const [, requestId] = /did not receive a response .* for requestId \[([^\]]+)\]/.exec(reason ?? '') ?? [];
    const request = ledger.requests.get(requestId);
    if (!request || request.muted || faults.weightOf(requestId) >= SILENCING) { return []; }
    return [`${request.event.RequestType} of ${logicalId}, struck ${faults.strikesOf(requestId)} times`];
  }));
}

/** What stands in Parameter Store and should not, or is missing there. */
function published({ region, ledger }: HostileAws, { name, status, record }: StackLife): string[] {
  const all = [...ledger.requests.values()].filter(({ event }) => event.ResourceType === RECOMMENDATION_RESOURCE_TYPE);
  const requests = all.filter(({ event }) => event.StackId === record?.id);
  // A stack that was made again has the path of the earlier one.
  const ofName = all.filter(({ event }) => event.StackId.includes(`:stack/${name}/`));
  // Inherent: Parameter Store has no condition of a write, so an earlier request that is still worked on may write over a later one.
  const writeAtOnce = ofName.some(({ asked, answers }, at) => ofName.slice(0, at).some((earlier) => earlier.asked <= asked
    && earlier.writes.some((write) => write.at >= asked && write.began < (answers[0]?.at ?? Infinity))));
  // Inherent: CloudFormation holds a resource twice if it heard neither of its Create nor of its Delete, and then deletes the one by an invented id.
  const isHeldTwice = requests.some(({ event, asked }) => event.RequestType === 'Delete' && event.PhysicalResourceId !== event.LogicalResourceId
    && requests.some((created) => created.event.RequestType === 'Create' && created.asked < asked
      && created.answers.some(({ taken, body }) => taken && JSON.parse(body).Status === 'SUCCESS')));
  // Inherent: a clean-up that has failed leaves a renamed recommendation's earlier owner, whom the path returns to.
  const lastOf = (asked: typeof requests) => new Map(asked.map((request) => [request.event.LogicalResourceId, request.asked]));
  // A Create that has failed may have written.
  const made = lastOf(requests.filter(({ event }) => event.RequestType === 'Create'));
  const gone = lastOf(requests.filter(({ event, answers }) => event.RequestType === 'Delete'
    && answers.some(({ taken, body }) => taken && JSON.parse(body).Status === 'SUCCESS')));
  const isAbandoned = [...made].filter(([id, asked]) => (gone.get(id) ?? -1) < asked).length > (status === 'DELETE_COMPLETE' ? 0 : 1);
  if (writeAtOnce || isHeldTwice || isAbandoned) { return []; }
  const path = `${PATH}/${name}`;
  const there = [...region.ssm.parameters.values()].filter(({ Name }) => Name.startsWith(`${path}/`));
  if (status === 'DELETE_COMPLETE') { return there.map(({ Name }) => `${Name} is left behind`); }
  if (!COMPLETE.test(status)) { return []; }
  const best = [...record!.resources.values()]
    .find(({ type, properties }) => type === RECOMMENDATION_RESOURCE_TYPE && properties.ParameterPath === path);
  const whole = there.find(({ Name }) => Name === parameterNames(path).whole);
  const { SchemaVersion: _version, ...written } = JSON.parse(whole?.Value ?? '{}');
  const isRepeated = ofName.some(({ answers, writes }) => answers.length > 1 || new Set(writes.map(({ began }) => began)).size > 1);
  const mayDiffer = isRepeated && isListedByNow(best?.attributes, written);
  return best && canonical(written) !== canonical(best.attributes) && !mayDiffer ? [`${name} answered ${best.attributes.RecommendationId}, and ${path} has ${written.RecommendationId}`] : [];
}

/** Attributes that are not those of the stack's own job. */
function strangers(aws: HostileAws, stack: Stack): string[] {
  const { region, ledger, family } = aws;
  if (!family.jobs) { return []; }
  const { family: { name: familyName } } = family.jobs;
  const { tags } = region.sagemaker.state;
  const jobs = new Map(aws.jobs().map((job) => [job.name, job]));
  const resources = [...stack.resources.values()];
  return resources.filter(({ type }) => type === jobResourceType(familyName, '')).flatMap((start) => {
    const stages = resources.filter(({ type, logicalId }) => type === jobResourceType(familyName, 'Wait') && constructOf(logicalId) === constructOf(start.logicalId));
    // Inherent: for a job that the service has dropped, a rollback runs it again, waits in the stages that had changed, and keeps the old figures.
    const isRunAgain = [...ledger.vanished].some((name) => parseAttempt(name).id === start.physicalId);
    const names = [start, ...stages].map(({ attributes }) => String(attributes.JobName));
    const last = names[names.length - 1];
    const wrong = names.filter((name) => parseAttempt(name).id !== start.physicalId).map((name) => `${start.logicalId} is ${start.physicalId} and names ${name}`);
    const job = jobs.get(last);
    const begun = ledger.starts.find(({ jobName }) => jobName === last);
    const { content } = contentOf(aws, stack.id, start.logicalId, start.properties);
    if (begun?.content !== content) { wrong.push(`${last} was started for ${begun?.content} and the stack has ${content}`); }
    if (job && job.phase !== 'completed' && !isRunAgain) { wrong.push(`${last} is ${job.status} and ${stack.name} is ${stack.status}`); }
    if (job && !isRunAgain && !tags.get(job.arn)?.some(({ Value }) => Value === stack.id)) { wrong.push(`${last} has not the stack's tag`); }
    const chosen = resources.filter(({ logicalId }) => logicalId.startsWith(`${constructOf(start.logicalId)}Best`));
    if (isRunAgain) { return wrong; }
    return [...wrong, ...chosen.flatMap(({ attributes }) => {
      if (attributes.JobName !== last) { return [`the recommendation is of ${attributes.JobName} and the job is ${last}`]; }
      const isOfJob = !job || job.recommended.get(String(attributes.RecommendationId)) === attributes.InstanceType;
      return isOfJob ? [] : [`${last} has no recommendation ${attributes.RecommendationId}`];
    })];
  });
}
