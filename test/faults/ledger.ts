import { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { HostileAws } from './hostile-aws';
import { CLAIM_TAG } from '../../src/contract/claims';
import { canonical } from '../../src/contract/job-name';
import { jobResourceType } from '../../src/contract/start';
import { isNonTerminal } from '../../src/service/job-status';

/** A request of CloudFormation's to a custom resource. */
export interface RequestRecord {
  readonly event: CloudFormationCustomResourceEvent;
  readonly asked: number;
  /** What arrived at its URL, in order, and when the invocation that said it began. */
  readonly answers: Array<{ readonly body: string; readonly at: number; readonly taken: boolean; readonly began: number }>;
  executions: number;
  /** Writes to Parameter Store, each with when its invocation began. */
  readonly writes: Array<{ readonly began: number; readonly at: number }>;
  /** Something besides troubled calls keeps an answer away: an event that is dropped, an execution that somebody ends. */
  muted: boolean;
}

/** A job that a function has started. */
export interface StartRecord {
  readonly jobName: string;
  readonly stackId: string;
  readonly requestId: string;
  /** Which operation on the stack, counted over the lifecycle. */
  readonly operation: number;
  readonly content: string;
  /** When the package was made, if nothing else tells what it holds: a new one may have the ARN of one that was deleted. */
  readonly packageCreated: string;
  /** CloudFormation had given the request up before the event was delivered, this time. */
  readonly late: boolean;
  /** CloudFormation had given the request up before the job started: a slow function may go on for minutes. */
  readonly givenUp: boolean;
}

/** A call of a function. */
interface Called {
  readonly operation: string;
  readonly input: any;
  readonly roleArn: string;
  /** CloudFormation had given the request up before the event was delivered, this time. */
  readonly late: boolean;
}

/** A line of the story that a replay tells. */
export interface Moment {
  readonly time: number;
  readonly line: string;
}

/** What is noted while a lifecycle runs, for the invariants to judge. */
export class Ledger {
  /** By request id. */
  public readonly requests = new Map<string, RequestRecord>();
  public readonly starts: StartRecord[] = [];
  /** Names of jobs that somebody but the library stopped. */
  public readonly stopped = new Set<string>();
  public readonly vanished = new Set<string>();
  public readonly logs: string[] = [];
  public readonly story: Moment[] = [];
  /** Operations that were refused for what the script has asked. */
  public readonly wrong: string[] = [];
  /** Jobs that a function stopped although another stack held them. */
  public readonly stolen: string[] = [];
  /** Roles that were deleted while a job had them. */
  public readonly roleless: string[] = [];
  /** What the functions have asked of SageMaker, and got. */
  public readonly called: Called[] = [];

  public ask(event: CloudFormationCustomResourceEvent, asked: number): RequestRecord {
    const record = { event, asked, answers: [], executions: 0, writes: [], muted: false };
    this.requests.set(event.RequestId, record);
    return record;
  }
}

/** What two jobs have in common that must not be paid twice: told from the properties and the world, not from the name. */
export function contentOf(
  aws: HostileAws, stackId: string, logicalId: string,
  { Trigger = '', Request, Reuse }: Readonly<Record<string, any>>,
): Pick<StartRecord, 'content' | 'packageCreated'> {
  const construct = [stackId, constructOf(logicalId)];
  const { named, told, created } = aws.family.jobs!.subjectOf(Request, aws.region);
  if (!told || !aws.readsObjects) { return { content: canonical([construct, Trigger, named]), packageCreated: created }; }
  const scope = Reuse === 'account' ? [] : Reuse === 'stack' ? [stackId.split('/')[1]] : construct;
  return { content: canonical([scope, Trigger, told.counted, aws.etagOf(told.artifact)]), packageCreated: '' };
}

/** The construct behind a logical id: a job, whether the id is of its start or of one of its stages. */
export function constructOf(logicalId: string): string {
  return logicalId.replace(/(Wait\d|Best)?[0-9A-F]{8}$/, '');
}

/** Only the stack itself may stop or delete what it alone holds. */
export function noteStop(aws: HostileAws, jobName: string, roleArn: string, operation: string): void {
  const { region, ledger, family: { jobs } } = aws;
  // Inherent: a name that the service has dropped may be that of another stack's job meanwhile.
  if (ledger.vanished.has(jobName)) { return; }
  for (const { name, deleted, resources } of region.cloudformation.stacks.values()) {
    if (deleted || roleArn.includes(`/${name}-`)) { continue; }
    const isHeld = [...resources.values()].some(({ type, attributes, status }) => (
      type === jobResourceType(jobs!.family.name, '') && attributes.JobName === jobName && !status.startsWith('DELETE')
      && !hasLeft(ledger, jobName, name, /^UPDATE_(IN_PROGRESS|FAILED)$/.test(status))));
    if (isHeld) { ledger.stolen.push(`${operation} of ${jobName}, and ${name} held it`); }
  }
}

/** Whether a stack has left the job to the others, at its longest time or in an update to another job, and has not claimed it again. */
function hasLeft({ called }: Ledger, jobName: string, stackName: string, isUpdated: boolean): boolean {
  const claims = called.filter(({ operation, input: { ResourceArn = '', Tags = [], TagKeys = [] }, roleArn }) => (
    ResourceArn.endsWith(`/${jobName}`) && roleArn.includes(`/${stackName}-`) && (operation === 'AddTags' || isUpdated || roleArn.includes('WaitEnd'))
    && [...Tags.map(({ Key }: { Key: string }) => Key), ...TagKeys].some((key) => key.startsWith(CLAIM_TAG))));
  // The mark that takes the place of the claim comes first: from then on, another stack may stop the job.
  const { operation, input: { Tags = [] } } = claims.at(-1) ?? { input: {} };
  const marks = isUpdated ? /^(away|given-up) / : /^away /;
  return operation === 'DeleteTags' || Tags.some(({ Key, Value }: { Key: string; Value: string }) => Key.startsWith(CLAIM_TAG) && marks.test(Value));
}

/** The role of a job is there until the job is over, unless the job is left to others, or nobody waits for it. */
export function noteDeletedRole(aws: HostileAws, name: string): void {
  const { region, ledger } = aws;
  aws.jobs().forEach(({ name: jobName, arn, status, phase, roleArn }) => {
    const isLate = ledger.starts.some((start) => start.jobName === jobName && start.givenUp);
    const isLeft = region.sagemaker.state.tags.get(arn)?.some(({ Key }) => Key.endsWith(':left'));
    if (isNonTerminal(phase) && !isLate && !isLeft && roleArn.endsWith(`/${name}`)) { ledger.roleless.push(`${jobName} was ${status} when ${name} was deleted`); }
  });
}
