import { serviceError, Stage, STACK_ID } from '../../harness/stage';

const FAILS = () => ({ durationSeconds: 600, outcome: 'FAILED' as const, failureReason: 'The container did not answer /ping', recommendations: [] });

describe('a job', () => {
  test('Create starts a job, answers at once with our id, and tags the job as ours', async () => {
    const stage = await new Stage().setUp();
    const answer = await stage.send(stage.start('Create', stage.jobProperties({ Tags: [{ Key: 'team', Value: 'ml' }] })));
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).toMatch(/^d07afaab-[0-9a-f]{24}$/);
    expect(answer.Data?.JobName).toBe(answer.PhysicalResourceId);
    const { Tags } = await stage.sagemaker('ListTags', { ResourceArn: answer.Data!.JobArn });
    expect(Tags).toEqual(expect.arrayContaining([
      { Key: 'team', Value: 'ml' },
      { Key: 'cdk-sagemaker-inference-recommender:stack-id', Value: STACK_ID },
    ]));
  });

  test('the same content finds its job again; another trigger is another job', async () => {
    const stage = await new Stage().setUp();
    const first = await stage.send(stage.start('Create'));
    const again = await stage.send(stage.start('Update', stage.jobProperties(), { PhysicalResourceId: first.PhysicalResourceId }));
    expect(again.PhysicalResourceId).toBe(first.PhysicalResourceId);
    const triggered = await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'v2' }), { PhysicalResourceId: first.PhysicalResourceId }));
    expect(triggered.PhysicalResourceId).not.toBe(first.PhysicalResourceId);
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(2);
  });

  test.each([
    ['role', { RoleArn: 'arn:aws:iam::111111111111:role/other' }],
    ['description', { JobDescription: 'other' }],
  ])('a changed %s runs nothing again', async (_what, change) => {
    const stage = await new Stage().setUp();
    const first = await stage.send(stage.start('Create'));
    const properties = stage.jobProperties();
    const answer = await stage.send(stage.start('Update', { ...properties, Request: { ...properties.Request, ...change } },
      { PhysicalResourceId: first.PhysicalResourceId }));
    expect(answer.PhysicalResourceId).toBe(first.PhysicalResourceId);
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
  });

  test('changed tags are brought to the job that runs already', async () => {
    const stage = await new Stage().setUp();
    const old = stage.jobProperties({ Tags: [{ Key: 'team', Value: 'ml' }, { Key: 'gone', Value: 'x' }] });
    const first = await stage.send(stage.start('Create', old));
    await stage.send(stage.start('Update', stage.jobProperties({ Tags: [{ Key: 'team', Value: 'shop' }] }),
      { PhysicalResourceId: first.PhysicalResourceId, OldResourceProperties: old }));
    const { Tags } = await stage.sagemaker('ListTags', { ResourceArn: first.Data!.JobArn });
    const user = Tags.filter(({ Key }: any) => !/^(cdk-|InferenceRecommender:)/.test(Key));
    expect(user).toEqual([{ Key: 'team', Value: 'shop' }]);
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
  });

  test('scalars that CloudFormation delivers as strings reach the service with their types', async () => {
    const stage = await new Stage().setUp();
    const answer = await stage.send(stage.start('Create', stage.jobProperties({
      Request: {
        JobType: 'Advanced',
        RoleArn: 'arn:aws:iam::111111111111:role/benchmark',
        InputConfig: {
          ModelPackageVersionArn: stage.packageArn,
          JobDurationInSeconds: '7200',
          TrafficPattern: { TrafficType: 'PHASES', Phases: [{ InitialNumberOfUsers: '1', SpawnRate: '1', DurationInSeconds: '120' }] },
          EndpointConfigurations: [{ InstanceType: 'ml.c5.xlarge' }],
        },
      },
    })));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    const { input } = stage.calls.find(({ operation }) => operation === 'CreateInferenceRecommendationsJob')!;
    expect(input.InputConfig).toMatchObject({ JobDurationInSeconds: 7200, TrafficPattern: { Phases: [{ SpawnRate: 1 }] } });
  });

  test('a request that breaks the API\'s constraints fails with a sentence and starts nothing', async () => {
    const stage = await new Stage().setUp();
    const answer = await stage.send(stage.start('Create', stage.jobProperties({
      Request: { JobType: 'Default', RoleArn: 'nonsense', InputConfig: { JobDurationInSeconds: 'soon' } },
    })));
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain("InputConfig.JobDurationInSeconds must be of type integer, got: 'soon'");
    expect(answer.Reason).toContain('RoleArn must');
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(0);
  });

  test('a job that failed is tried again as a second attempt, under the same id', async () => {
    const stage = await new Stage(FAILS).setUp();
    const first = await stage.send(stage.start('Create'));
    await stage.pass(60);
    const again = await stage.send(stage.start('Update', stage.jobProperties(), { PhysicalResourceId: first.PhysicalResourceId }));
    expect(again.PhysicalResourceId).toBe(first.PhysicalResourceId);
    expect(again.Data!.JobName).toBe(`${first.PhysicalResourceId}-a2`);
  });

  test('a repeated delivery starts no second attempt, even if the job failed in between', async () => {
    const stage = await new Stage(FAILS).setUp();
    const event = stage.start('Create');
    await stage.send(event);
    await stage.pass(60);
    await stage.send(event);
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
    expect(stage.answers[1]).toEqual(stage.answers[0]);
  });

  test('a create whose answer was lost after it took effect finds its own job', async () => {
    const stage = await new Stage().setUp();
    stage.fail('CreateInferenceRecommendationsJob', serviceError('TimeoutError', 'timed out', undefined as any), 1, true);
    const event = stage.start('Create');
    const lost = await stage.send(event);
    expect(lost.Status).toBe('FAILED');
    const again = await stage.send(event);
    expect(again.Status).toBe('SUCCESS');
    const { InferenceRecommendationsJobs } = await stage.sagemaker('ListInferenceRecommendationsJobs', {});
    expect(InferenceRecommendationsJobs).toHaveLength(1);
  });

  test.each([
    ['the job\'s role', serviceError('ValidationException', 'Could not assume role arn:aws:iam::111111111111:role/benchmark.')],
    ['the function\'s permission', serviceError('AccessDeniedException', 'User: x is not authorized to perform: iam:PassRole on resource: y')],
  ])('%s that IAM has not propagated yet is waited for', async (_what, error) => {
    const stage = await new Stage().setUp();
    stage.fail('CreateInferenceRecommendationsJob', error, 5);
    const begin = stage.clock.now();
    expect(await stage.send(stage.start('Create'))).toMatchObject({ Status: 'SUCCESS' });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(6);
    expect(stage.clock.now() - begin).toBeLessThan(120_000);
  });

  test('a permission that is missing for good fails after a hundred seconds with the service\'s words', async () => {
    const stage = await new Stage().setUp();
    stage.fail('DescribeModelPackage', serviceError('AccessDeniedException', 'User: x is not authorized to perform: sagemaker:DescribeModelPackage'), 1000);
    const begin = stage.clock.now();
    const answer = await stage.send(stage.start('Create'));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('not authorized to perform: sagemaker:DescribeModelPackage') });
    expect(stage.clock.now() - begin).toBeGreaterThanOrEqual(95_000);
    expect(stage.clock.now() - begin).toBeLessThanOrEqual(100_000);
  });

  test('an update stops a job of this construct that no answer ever told of, and not the current one', async () => {
    const stage = await new Stage().setUp();
    const first = await stage.send(stage.start('Create'));
    await stage.pass(60);
    const stray = await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'lost' }), { PhysicalResourceId: first.PhysicalResourceId }));
    // CloudFormation never got the answer of `stray`, so the id that it holds is still the first.
    await stage.send(stage.start('Update', stage.jobProperties(), { PhysicalResourceId: first.PhysicalResourceId }));
    const stopped = stage.calls.filter(({ operation }) => operation === 'StopInferenceRecommendationsJob').map(({ input }) => input.JobName);
    expect(stopped).toEqual([stray.PhysicalResourceId]);
  });

  test('an update after the service dropped the finished job pays nothing again', async () => {
    const stage = await new Stage().setUp();
    const first = await stage.send(stage.start('Create'));
    stage.fail('DescribeInferenceRecommendationsJob', serviceError('ResourceNotFound', 'Could not find job'), 1);
    const answer = await stage.send(stage.start('Update', stage.jobProperties(), { PhysicalResourceId: first.PhysicalResourceId }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first.PhysicalResourceId });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
  });

  test('no log line holds the signed URL', async () => {
    const stage = await new Stage(FAILS).setUp();
    await stage.send(stage.start('Create'));
    expect(stage.logs.join()).not.toContain('Signature');
  });
});

describe('what passes is waited out', () => {
  const throttled = serviceError('ThrottlingException', 'Rate exceeded');

  test.each([
    'DescribeModelPackage', 'DescribeInferenceRecommendationsJob', 'CreateInferenceRecommendationsJob',
  ])('%s that is throttled five times fails no deploy', async (operation) => {
    const stage = await new Stage().setUp();
    stage.fail(operation, throttled, 5);
    expect(await stage.send(stage.start('Create'))).toMatchObject({ Status: 'SUCCESS' });
    expect((await stage.sagemaker('ListInferenceRecommendationsJobs', {})).InferenceRecommendationsJobs).toHaveLength(1);
  });
});

describe('the tags of the stack, which CloudFormation does not give to a custom resource', () => {
  const tagsOf = async (stage: Stage, JobArn: string) => (await stage.sagemaker('ListTags', { ResourceArn: JobArn })).Tags as Array<{ Key: string; Value: string }>;

  test('are on a job that starts, below its own', async () => {
    const stage = await new Stage().setUp();
    stage.stackTags = [{ Key: 'team', Value: 'shop' }, { Key: 'own', Value: 'stack' }];
    const { Data } = await stage.send(stage.start('Create', stage.jobProperties({ Tags: [{ Key: 'own', Value: 'job' }] })));
    const tags = await tagsOf(stage, Data!.JobArn);
    expect(tags).toEqual(expect.arrayContaining([{ Key: 'team', Value: 'shop' }, { Key: 'own', Value: 'job' }]));
    expect(tags.filter(({ Key }) => Key === 'own')).toHaveLength(1);
    expect(stage.calls.filter(({ operation }) => operation === 'DescribeStacks')).toEqual([{ operation: 'DescribeStacks', input: { StackName: STACK_ID } }]);
  });

  test('come to a job that an update keeps', async () => {
    const stage = await new Stage().setUp();
    const { PhysicalResourceId, Data } = await stage.send(stage.start('Create'));
    stage.stackTags = [{ Key: 'team', Value: 'shop' }];
    const changed = { PhysicalResourceId, OldResourceProperties: stage.jobProperties() };
    await stage.send(stage.start('Update', stage.jobProperties({ ToleratesFailure: 'true' }), changed));
    expect(await tagsOf(stage, Data!.JobArn)).toContainEqual({ Key: 'team', Value: 'shop' });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
  });

  test('are missed where the function may not read them, and the job starts', async () => {
    const stage = await new Stage().setUp();
    stage.fail('DescribeStacks', serviceError('AccessDenied', 'not authorized', 403), 1000);
    expect(await stage.send(stage.start('Create'))).toMatchObject({ Status: 'SUCCESS' });
    expect(stage.logs.join()).toContain('no facts of the stack');
  });
});

describe('what is done is not judged again', () => {
  test('tags change although the package is gone', async () => {
    const stage = await new Stage().setUp();
    const old = stage.jobProperties();
    const { PhysicalResourceId } = await stage.send(stage.start('Create'));
    await stage.pass(60);
    await stage.sagemaker('DeleteModelPackage', { ModelPackageName: stage.packageArn });
    const tagged = stage.jobProperties({ Tags: [{ Key: 'team', Value: 'ml' }] });
    expect(await stage.send(stage.start('Update', tagged, { PhysicalResourceId, OldResourceProperties: old })))
      .toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
  });

  test('a job that the service has dropped keeps the ARN that it had', async () => {
    const stage = await new Stage().setUp();
    const { PhysicalResourceId, Data } = await stage.send(stage.start('Create'));
    stage.region.sagemaker.state.jobs.delete(PhysicalResourceId);
    const update = { PhysicalResourceId, OldResourceProperties: stage.jobProperties() };
    expect((await stage.send(stage.start('Update', stage.jobProperties({ Tags: [{ Key: 'a', Value: 'b' }] }), update))).Data).toEqual(Data);
    const waited = { PhysicalResourceId: 'JobWait1', OldResourceProperties: { JobName: PhysicalResourceId } };
    const { AskedAt: _asked, ...named } = Data!;
    expect((await stage.send(stage.wait('Update', { JobName: PhysicalResourceId }, waited))).Data).toEqual(named);
  });
});
