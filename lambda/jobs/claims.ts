import { CLAIM_TAG, STACK_TAG, stackTag, TAG_PREFIX as PREFIX } from '../../src/contract/claims';
import type { Owner, Tag } from '../../src/contract/custom-resource';
import { claimKey } from '../../src/contract/job-name';
import type { ClaimProperties } from '../../src/contract/start';
import { Asked, isAfter } from '../runtime/asked';
import { MOST_TAGS, requestIn, requestText, Tags } from '../runtime/tags';

/** What names a construct's claims. */
export type ClaimKey = Omit<Claimant, 'Namespace'>;

/** A construct of a stack that uses jobs. */
export interface Claimant extends ClaimProperties {
  readonly StackId: string;
  /** Logical id of the resource that starts its jobs. */
  readonly LogicalResourceId: string;
}

/** The construct that an event is about. */
export function claimantOf({ StackId, LogicalResourceId }: Owner, { StackKey, Namespace }: ClaimProperties): Claimant {
  return { StackId, LogicalResourceId, StackKey, Namespace };
}

const LOGICAL_ID_TAG = `${PREFIX}logical-id`;
export const STOPPING_TAG = `${PREFIX}stopping`;
const LEFT_TAG = `${PREFIX}left`;

/** When and by which request a construct claimed a job last. `state` is when its start resource was asked for the state of the stack that needs it. */
interface Claim extends Asked {
  readonly state: string;
}

/** Tags of a job that a construct starts: who started it, and its claim. */
export function starterTags(claimant: ClaimKey, asked: Asked, state = asked.at): Tag[] {
  return [
    { Key: STACK_TAG, Value: claimant.StackId },
    { Key: LOGICAL_ID_TAG, Value: claimant.LogicalResourceId },
    ...claimTags(claimant, asked, state),
  ];
}

/** A claim: one tag by which IAM knows the stack, and one that only this construct writes. */
export function claimTags(claimant: ClaimKey, asked: Asked, state = asked.at): Tag[] {
  return [
    { Key: stackTag(claimant), Value: claimant.StackId },
    { Key: CLAIM_TAG + keyOf(claimant), Value: `${requestText(asked)} ${state} ${guidOf(claimant.StackId)}` },
  ];
}

/**
 * Takes the place of a claim that was given up: what comes late for the construct must not claim the job again.
 *
 * @param mayReturn whether a later deploy may, because the construct itself stays
 */
export function givenUpTag(claimant: ClaimKey, mayReturn = false): Tag {
  return { Key: CLAIM_TAG + keyOf(claimant), Value: `${mayReturn ? AWAY : GIVEN_UP}${guidOf(claimant.StackId)}` };
}

const GIVEN_UP = 'given-up ';
const AWAY = 'away ';

/** Marks of claims that were given up. Once the job has completed, nothing comes late for it any more, and the next claimant takes them away. */
export function givenUpKeys(tags: Tags): string[] {
  return Object.keys(tags).filter((key) => key.startsWith(CLAIM_TAG) && [GIVEN_UP, AWAY].some((mark) => tags[key].startsWith(mark)));
}

/** Whether a job has no room for the two tags of another claim, and for two of whoever leaves it and stops it. It is used without a claim then. */
export function isFull(tags: Tags): boolean {
  return Object.keys(tags).length > MOST_TAGS - 4;
}

/** Whether the construct has given up the job, and its stack still has the permission to stop it: the end was cut short. */
export function isLeaving(tags: Tags, claimant: ClaimKey): boolean {
  const isAway = tags[CLAIM_TAG + keyOf(claimant)] === givenUpTag(claimant, true).Value;
  return (isAway || isGivenUp(tags, claimant)) && tags[stackTag(claimant)] === claimant.StackId;
}

/** Whether the construct has given up the job for good, or is about to stop it. */
export function isGivenUp(tags: Tags, claimant: ClaimKey): boolean {
  return tags[CLAIM_TAG + keyOf(claimant)] === givenUpTag(claimant).Value || tags[STOPPING_TAG] === stoppingTag(claimant).Value;
}

/** The construct's own claim. An earlier stack of the same name has other claims. */
export function claimOf(tags: Tags, claimant: ClaimKey): Claim | undefined {
  const value = tags[CLAIM_TAG + keyOf(claimant)];
  const [, , state, guid] = value?.split(' ') ?? [];
  return guid === guidOf(claimant.StackId) ? { ...requestIn(value)!, state } : undefined;
}

/** Whether the construct has no claim on the job. Its functions may then note nothing on it, so a failure of it is no failure of the construct's own. */
export function isUnclaimed(tags: Tags, claimant: ClaimKey): boolean {
  return claimOf(tags, claimant) === undefined;
}

/** Whether the construct claimed the job for a later request. An event that comes late, or once more, must not touch what came after it. */
export function isClaimedAfter(tags: Tags, claimant: ClaimKey, asked: Asked): boolean {
  return isAfter(claimOf(tags, claimant)?.at, asked.at);
}

/** Whether the construct claimed the job for this very request, or for a later one. A repeated delivery must not start another job. */
export function isClaimedSince(tags: Tags, claimant: ClaimKey, asked: Asked): boolean {
  return claimOf(tags, claimant)?.id === asked.id || isClaimedAfter(tags, claimant, asked);
}

/** Whether the construct needs the job for a state of its stack that came after this time. */
export function isOfStateAfter(tags: Tags, claimant: ClaimKey, time: string): boolean {
  return isAfter(claimOf(tags, claimant)?.state, time);
}

/** Whether another construct claims the job, of a stack that lives. With a key, only one of that stack. */
export function isShared(tags: Tags, claimant: ClaimKey, stackKey = ''): boolean {
  return Object.keys(tags).some((key) => key.startsWith(CLAIM_TAG + stackKey) && key !== CLAIM_TAG + keyOf(claimant) && isLiving(tags, key));
}

/** A stack that was made again under its name takes the place of the earlier one. */
function isLiving(tags: Tags, key: string): boolean {
  const [stack] = key.slice(CLAIM_TAG.length).split('-');
  return guidOf(tags[stackTag({ StackKey: stack })] ?? '') === tags[key].split(' ')[3];
}

/** The keys of what a construct has noted besides its claim. */
export function ownKeys(tags: Tags, claimant: ClaimKey): string[] {
  return [reportedKey(keyOf(claimant)), heldKey(claimant)].filter((key) => key in tags);
}

/** Whether the construct started the job, so that the job runs with its role. */
export function isStarter(tags: Tags, { StackId, LogicalResourceId }: ClaimKey): boolean {
  return tags[STACK_TAG] === StackId && tags[LOGICAL_ID_TAG] === LogicalResourceId;
}

/**
 * Set before a construct stops the job. Whoever claims the job then waits until it is stopped, or until this tag is taken back.
 *
 * @param mayReturn whether a later deploy may claim another attempt, because the construct itself stays
 */
export function stoppingTag(claimant: ClaimKey, mayReturn = false): Tag {
  return { Key: STOPPING_TAG, Value: `${mayReturn ? AWAY : ''}${whose(claimant)}` };
}

/** Set before a construct deletes a completed job. Whoever claims the job then waits until it is gone, or until this tag is taken back. */
export function deletingTag(claimant: ClaimKey): Tag {
  return { Key: STOPPING_TAG, Value: `${DELETING}${whose(claimant)}` };
}

const DELETING = 'deleting ';

/** Whether another construct is about to delete the job. */
export function isDeletedByOther(tags: Tags, claimant: ClaimKey): boolean {
  return tags[STOPPING_TAG]?.startsWith(DELETING) === true && tags[STOPPING_TAG] !== deletingTag(claimant).Value;
}

/** Set by the starter of a job that others need: the job loses its role. */
export function leftTag(claimant: ClaimKey): Tag {
  return { Key: LEFT_TAG, Value: whose(claimant) };
}

/** Whether the construct is about to stop the job, or has stopped it. */
function isStoppedBy(tags: Tags, claimant: ClaimKey): boolean {
  return [true, false].some((mayReturn) => tags[STOPPING_TAG] === stoppingTag(claimant, mayReturn).Value);
}

/** Whether another construct is about to stop the job, or has stopped it. */
export function isStoppedByOther(tags: Tags, claimant: ClaimKey): boolean {
  return STOPPING_TAG in tags && !isStoppedBy(tags, claimant);
}

/** Whether a job that has failed was stopped by another construct, or lost its role: no failure of its own. */
export function isLostToOther(tags: Tags, claimant: ClaimKey): boolean {
  return isStoppedByOther(tags, claimant) || (LEFT_TAG in tags && tags[LEFT_TAG] !== whose(claimant));
}

/** Set after a stage was told that its job failed. The next deploy then starts a new attempt. `claim` is the key of the construct's claims. */
export function reportedTag(claim: string, asked: Asked, stage = ''): Tag {
  return { Key: reportedKey(claim), Value: `${requestText(asked)} ${stage}` };
}

/**
 * Whether the failure was reported to a different request, which did not come later. What an earlier stage reports late is not meant for this one:
 * CloudFormation asks this one only after the earlier stage has succeeded.
 */
export function isReportedBefore(tags: Tags, claimant: ClaimKey, asked: Asked, stage: string): boolean {
  const value = tags[reportedKey(keyOf(claimant))];
  const reported = requestIn(value);
  return reported !== undefined && reported.id !== asked.id && !isAfter(reported.at, asked.at) && Number(value.split(' ')[2]) >= Number(stage);
}

/** Set if a later resource of the construct takes over the job. CloudFormation then holds the job's id and sends a Delete for it later. */
export function heldTag(claimant: ClaimKey): Tag {
  return { Key: heldKey(claimant), Value: 'true' };
}

export function isHeld(tags: Tags, claimant: ClaimKey): boolean {
  return heldKey(claimant) in tags;
}

export function keyOf({ StackKey, LogicalResourceId }: Pick<Claimant, 'StackKey' | 'LogicalResourceId'>): string {
  return claimKey(StackKey, LogicalResourceId);
}

function reportedKey(claim: string): string {
  return `${PREFIX}failure-reported:${claim}`;
}

function heldKey(claimant: ClaimKey): string {
  return `${PREFIX}held:${keyOf(claimant)}`;
}

function whose(claimant: ClaimKey): string {
  return `${guidOf(claimant.StackId)} ${keyOf(claimant)}`;
}

function guidOf(stackId: string): string {
  return stackId.split('/')[2] ?? '';
}
