import { lasts } from './courses';
import { packageRequest } from './model-package';
import { SCOPE, STACK_ID } from './place';
import { Stage } from './stage';
import { S3 } from '../../local-aws/s3';

/** An image that a digest names: its content is certain. */
export const IMAGE = `111111111111.dkr.ecr.us-east-1.amazonaws.com/model@sha256:${'0'.repeat(64)}`;
export const ACCOUNT = { ...SCOPE, Reuse: 'account' as const, MadeFor: SCOPE.ScopeName };
/** Another stack of the account, and one that was made again under the first one's name. */
export const OTHER = STACK_ID.replace('shop/0a1b2c3d', 'dev/eeeeeeee');
export const AGAIN = STACK_ID.replace('0a1b2c3d', 'ffffffff');

export async function staged(course: ConstructorParameters<typeof Stage>[0] = lasts(45)): Promise<Stage> {
  const stage = await new Stage(course).setUp(packageRequest({ container: { Image: IMAGE } }));
  put(stage, 'model.tar.gz', 'model');
  put(stage, 'payload.tar.gz', 'payload');
  return stage;
}

export function put(stage: Stage, key: string, body: string): void {
  const s3 = stage.region.room(S3);
  if (!s3.find('bucket')) { s3.createBucket('bucket', stage.region.account, stage.region.name); }
  s3.putObject('bucket', key, Buffer.from(body));
}

/** The names of all jobs, with their statuses. */
export function jobs({ region }: Stage): string[] {
  return [...region.sagemaker.state.jobs.values()].map(({ status }) => status);
}

/** The tags on a job. */
export function tagsOn({ region: { sagemaker: { state } } }: Stage, jobName: string): Array<{ Key: string; Value: string }> {
  return [...state.tags.get(state.jobs.get(jobName)!.arn)!];
}

/** So many tags of a user. */
export function userTags(count: number): Array<{ Key: string; Value: string }> {
  return Array.from({ length: count }, (_, n) => ({ Key: `team-${n}`, Value: 'blue' }));
}

export const create = (stage: Stage, StackId: string, LogicalResourceId = 'Job', scope: object = SCOPE) => (
  stage.send(stage.start('Create', stage.jobProperties(scope), { StackId, LogicalResourceId })));
export const remove = (stage: Stage, StackId: string, PhysicalResourceId: string, LogicalResourceId = 'Job', scope: object = SCOPE) => (
  stage.send(stage.start('Delete', stage.jobProperties(scope), { StackId, LogicalResourceId, PhysicalResourceId })));
export const dev = { ...ACCOUNT, StackKey: 'eeeeeeee', ScopeName: 'dev', MadeFor: 'dev' };
