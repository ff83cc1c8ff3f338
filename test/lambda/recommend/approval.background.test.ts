import { APPROVED_BY_STACK } from '../../../src/contract/approval';
import { APPROVAL_NEEDED } from '../../../src/contract/events';
import type { FollowedRecommendation } from '../../../src/contract/recommend';
import { APPROVAL_SECONDS } from '../../../src/contract/waiting';
import { Background, lasts, PATH, SECOND } from '../../harness/background';
import { attributesIn } from '../../harness/published';

const DAY = 24 * 60;

/** A job in the background, whose package has this status when it ends. */
async function followed(Approval: string, status: string, more: Array<Partial<FollowedRecommendation>> = []): Promise<Background> {
  const background = await Background.made(lasts(10), more, { Approval });
  await setStatus(background, status);
  await background.stage.pass(15);
  return background;
}
const setStatus = ({ stage }: Background, ModelApprovalStatus: string) => (
  stage.sagemaker('UpdateModelPackage', { ModelPackageArn: stage.packageArn, ModelApprovalStatus }));
const typeAt = ({ stage }: Background, path = PATH) => attributesIn(stage.parameters(path)).InstanceType;
const needed = ({ stage }: Background) => stage.events.filter(({ type }) => type === APPROVAL_NEEDED).map(({ detail }) => detail);
const statuses = ({ executions }: Background) => executions.map(({ status }) => status);

const [FOUND, OLD] = ['ml.c5.xlarge', 'ml.m5.large'];

test('a result whose package is pending stays unpublished, and somebody is told once', async () => {
  const background = await followed('Required', 'PendingManualApproval');
  await background.stage.pass(3 * 60);
  expect([typeAt(background), background.changes, background.told]).toEqual([OLD, [], []]);
  expect(needed(background)).toEqual([{
    StackId: expect.any(String),
    LogicalResourceId: 'JobBest',
    JobName: background.jobName,
    ModelPackageArn: background.stage.packageArn,
    Summary: expect.stringContaining(FOUND),
    WaitsUntil: expect.stringMatching(/^2026-01-15T/),
  }]);
});

test('it is published, and its change told, once somebody approves the package', async () => {
  const background = await followed('Required', 'PendingManualApproval');
  await background.stage.pass(5 * DAY);
  await setStatus(background, 'Approved');
  await background.stage.pass(31);
  expect([typeAt(background), background.told, statuses(background)]).toEqual([FOUND, [PATH], ['SUCCEEDED']]);
  expect(background.changes).toMatchObject([{ Previous: { InstanceType: OLD }, Current: { InstanceType: FOUND }, Adopted: true }]);
});

test('it does not hold up the other recommendations of the job', async () => {
  const background = await followed('Required', 'PendingManualApproval', [SECOND]);
  expect([typeAt(background), background.told]).toEqual([OLD, [SECOND.ParameterPath]]);
  await setStatus(background, 'Approved');
  await background.stage.pass(31);
  expect([typeAt(background), background.told, background.changes.length]).toEqual([FOUND, [SECOND.ParameterPath, PATH], 2]);
});

test('an approval between the comparison and the writing loses no event', async () => {
  const background = await Background.made(lasts(10), [SECOND], { Approval: 'Required' });
  const { stage } = background;
  await setStatus(background, 'PendingManualApproval');
  let looks = 0;
  stage.clients.before = async (operation) => {
    if (operation === 'DescribeModelPackage') { looks++; }
    // The first call of the writing: only the first recommendation is looked at.
    if (operation === 'DescribeInferenceRecommendationsJob' && looks === 1) {
      await stage.region.sagemaker.call('UpdateModelPackage', { ModelPackageArn: stage.packageArn, ModelApprovalStatus: 'Approved' });
    }
  };
  await stage.pass(15);
  expect([looks, background.told]).toEqual([1, [SECOND.ParameterPath]]);
  await stage.pass(31);
  expect([typeAt(background), background.changes.length, needed(background).length]).toEqual([FOUND, 2, 1]);
});

test.each([['at once', 0], ['later', 5 * DAY]])('a package that is rejected %s leaves the earlier recommendation', async (_when, minutes) => {
  const background = await followed('Required', minutes === 0 ? 'Rejected' : 'PendingManualApproval');
  await background.stage.pass(minutes);
  await setStatus(background, 'Rejected');
  await background.stage.pass(31);
  expect([typeAt(background), background.changes, statuses(background)]).toEqual([OLD, [], ['SUCCEEDED']]);
});

test('nobody waits longer than 14 days, and the execution\'s history has room for it', async () => {
  const background = await followed('Required', 'PendingManualApproval');
  await background.stage.pass(APPROVAL_SECONDS / 60 + 60);
  expect([typeAt(background), statuses(background), needed(background).length]).toEqual([OLD, ['SUCCEEDED'], 1]);
});

test('a deploy meanwhile says what it waits for', async () => {
  const background = await followed('Required', 'PendingManualApproval');
  const { Data } = await background.recommend('Update', { Approval: 'Required', SchemaVersion: '2' });
  expect(Data).toMatchObject({ Source: 'Fallback', Summary: expect.stringMatching(/is PendingManualApproval, .* its recommendation is published at most 30 minutes later\./) });
});

test('the stack approves what it publishes', async () => {
  const background = await followed('ByStack', 'PendingManualApproval');
  expect([typeAt(background), needed(background), background.changes.length]).toEqual([FOUND, [], 1]);
  expect(await background.stage.sagemaker('DescribeModelPackage', { ModelPackageName: background.stage.packageArn })).toMatchObject({
    ModelApprovalStatus: 'Approved', ApprovalDescription: expect.stringContaining(APPROVED_BY_STACK),
  });
});

test('the stack approves nothing for a path that its recommendation has left', async () => {
  const background = await Background.made(lasts(10), [], { Approval: 'ByStack' });
  await setStatus(background, 'PendingManualApproval');
  await background.recommend('Delete');
  await background.stage.pass(15);
  expect(background.stage.count('UpdateModelPackage')).toBe(0);
});
