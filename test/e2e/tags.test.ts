import { sharedAccount } from './account';

const account = sharedAccount();

test.concurrent('`cdk deploy --tags` reaches the jobs and models that functions make, and the next deploy brings others to them', async () => {
  const world = await account();
  const shared = world.stack('Shared');
  await shared.bring({ recommendation: false });
  const modelPackageArn = shared.resources(/^ModelPackage/)[0].physicalId!;
  const stack = world.stack('Tagged');
  const bare = { jobs: 1, modelPackageArn, models: true };
  expect(await stack.deploy({ bare }, '--tags', 'team=shop', '--tags', 'cost-center=a b/c@d')).toMatchObject({ exitCode: 0 });

  const tagsOf = async (ResourceArn: string) => Object.fromEntries((await stack.ask('ListTags', { ResourceArn })).Tags.map(({ Key, Value }: any) => [Key, Value]));
  const [{ name }] = await stack.jobs();
  const { JobArn } = await stack.ask('DescribeInferenceRecommendationsJob', { JobName: name });
  const [model] = stack.resources(/^Model1/).map(({ attributes }) => attributes.ModelArn).filter(Boolean);
  expect(await tagsOf(JobArn)).toMatchObject({ 'team': 'shop', 'cost-center': 'a b/c@d' });
  expect(await tagsOf(model)).toMatchObject({ 'team': 'shop', 'cost-center': 'a b/c@d' });

  // CloudFormation tells a custom resource of nothing but its own properties: here, of a job's own tag.
  await world.pass(1);
  expect(await stack.deploy({ bare, tags: { own: 'x' } }, '--tags', 'team=web')).toMatchObject({ exitCode: 0 });
  expect(await tagsOf(JobArn)).toMatchObject({ team: 'web' });
  expect(await stack.jobs()).toHaveLength(1);
});

test.concurrent('`cdk deploy --tags` of a stack with a version of a model package says what refuses it', async () => {
  const stack = (await account()).stack('Refused');
  const run = await stack.deploy({ recommendation: false }, '--tags', 'team=shop');
  expect(run.exitCode).not.toBe(0);
  expect(run.output).toContain('Tags are not supported in Model Package versions');
  expect(await stack.jobs()).toEqual([]);
});
