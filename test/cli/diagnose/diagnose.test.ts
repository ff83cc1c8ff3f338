import { NestedStack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { BREAKAGES, Breakage, failing, fallingBack, withEnvironment } from './breakages';
import { BrokenWorld, Diagnosis, run } from './broken';
import { AwsError, FaultScript } from '../../../local-aws';
import { scenarioOptions } from '../../../local-aws/scenarios';

let world: BrokenWorld;
beforeAll(async () => { world = await BrokenWorld.open(); });
afterAll(() => world.close());

const all: ReadonlyArray<readonly [string, Breakage]> = Object.entries(BREAKAGES);

describe('a stack that broke is diagnosed', () => {
  test.each(all)('%s', async (_what, breakage) => {
    const name = `S${all.findIndex(([, one]) => one === breakage)}`;
    expect(await world.bring(name, breakage)).toBe(breakage.ends ?? 'ROLLBACK_COMPLETE');
    const { code, stack, causes: [first, ...others] } = await world.diagnosed(name);
    expect(breakage.cause).toContain(first.id);
    expect([code, stack?.status]).toEqual([1, breakage.ends ?? 'ROLLBACK_COMPLETE']);
    expect(first.saw.length).toBeGreaterThan(0);
    for (const { likelihood } of others) { expect(likelihood).toBeLessThanOrEqual(first.likelihood); }
  });
});

describe('a stack that has gone on, and a job by itself', () => {
  const noCapacity: Breakage = BREAKAGES['no capacity'];

  test('a stack that was deleted is found by its name and by its ARN, and its failure is told', async () => {
    await world.bring('Deleted', noCapacity);
    const arn = world.arnOf('Deleted');
    expect(await world.apps.remove('Deleted')).toBe('DELETE_COMPLETE');
    for (const word of ['Deleted', arn]) {
      expect(await world.diagnosed(word)).toMatchObject({ code: 1, stack: { status: 'DELETE_COMPLETE' }, causes: [{ id: 'insufficient-capacity' }], jobs: [{ status: 'FAILED' }] });
    }
  });

  test('a job is found by its name and by its ARN', async () => {
    await world.bring('OfJob', noCapacity);
    const [name] = world.jobs('OfJob');
    for (const word of [name, world.region.arn('sagemaker', `inference-recommendations-job/${name}`)]) {
      expect(await world.diagnosed(word)).toMatchObject({ code: 1, causes: [{ id: 'insufficient-capacity' }], jobs: [{ jobName: name, status: 'FAILED' }] });
    }
  });

  test('an update that went back is told by its own job, and not by the one that had completed', async () => {
    expect(await world.bring('Updated', { ...noCapacity, benchmarks: undefined })).toBe('CREATE_COMPLETE');
    expect(await world.diagnosed('Updated')).toMatchObject({ code: 0, causes: [], notes: [] });
    expect(await world.bring('Updated', { ...BREAKAGES['out of memory'], build: BREAKAGES['an image for Arm'].build })).toBe('UPDATE_ROLLBACK_COMPLETE');
    const { causes: [first], jobs } = await world.diagnosed('Updated');
    expect([first.id, jobs]).toEqual(['out-of-memory', [expect.objectContaining({ status: 'FAILED' })]]);
    expect(await world.bring('Updated', { ...noCapacity, benchmarks: undefined })).toBe('UPDATE_COMPLETE');
    expect(await world.diagnosed('Updated')).toMatchObject({ code: 0, causes: [] });
  });

  test('the failure of a nested stack is told by the resource in it', async () => {
    const nested: Breakage = { ...noCapacity, build: (stack, region) => { noCapacity.build(new NestedStack(stack, 'Inner'), region); } };
    expect(await world.bring('Nested', nested)).toBe('ROLLBACK_COMPLETE');
    const read: string[] = [];
    const forget = world.apps.aws.world.watch(({ operation, request }) => { if (operation === 'DescribeStackEvents') { read.push((request as any).StackName); } });
    const found = await world.diagnosed('Nested').finally(forget);
    expect([read.length, new Set(read).size]).toEqual([2, 2]);
    expect(found).toMatchObject({
      code: 1, causes: [{ id: 'insufficient-capacity', saw: [{ source: expect.stringMatching(/^event CREATE_FAILED of .*Wait1\w* \(Custom::InferenceRecommendationsJobWait\)$/) }] }], jobs: [{ status: 'FAILED' }],
    });
  });

  test('a job that runs has no cause, and a stack that has none is told so', async () => {
    const seen = new Promise<Diagnosis>((resolve, reject) => {
      void world.waiting('Running').then(() => world.diagnosed('Running')).then(resolve, reject);
    });
    await world.bring('Running', { ...noCapacity, benchmarks: undefined });
    expect(await seen).toMatchObject({ code: 0, causes: [] });
    const bare: Breakage = { cause: [], build: (stack) => { new StringParameter(stack, 'Parameter', { stringValue: 'x' }); } };
    await world.bring('Bare', bare);
    expect(await run(['Bare'])).toMatchObject({ code: 0, out: 'Nothing is wrong. Stack Bare is CREATE_COMPLETE and has no recommendation and no benchmark.' });
  });

  test('a fallback that is deployed instead is told with the limits that nothing keeps', async () => {
    const limits: Breakage = { cause: [], build: fallingBack };
    expect(await world.bring('Fallback', limits)).toBe('CREATE_COMPLETE');
    const { code, causes: [first] } = await world.diagnosed('Fallback');
    expect([code, first]).toMatchObject([1, { id: 'limits-not-kept', remedy: expect.stringMatching(/`limits\.maxModelLatency` \d+/) }]);
  });

  test('what the library outlasts is no cause: throttling that ends, and answers that are lost', async () => {
    const { faults: [fault] } = scenarioOptions({ names: ['throttling'] }) as { readonly faults: readonly FaultScript[] };
    const { lostAnswers: [lost] } = scenarioOptions({ names: ['lost-answers'] }) as { readonly lostAnswers: readonly FaultScript[] };
    for (const [name, trouble] of Object.entries({ Throttled: { fault }, Lost: { lost } })) {
      expect(await world.bring(name, { ...noCapacity, benchmarks: undefined, ...trouble })).toBe('CREATE_COMPLETE');
      expect(await world.diagnosed(name)).toMatchObject({ code: 0, causes: [] });
    }
  });

  test('neither a stack nor a job', async () => {
    await expect(run(['NoSuch'])).rejects.toThrow(/^NoSuch is neither a stack nor a recommendation job, a benchmark job or a model in us-east-1/);
    await expect(run([])).rejects.toThrow('The name of a stack or of a job is missing: inference-recommender diagnose STACK|JOB');
  });
});

describe('what people read', () => {
  test('the causes with their evidence, the remedy and the page', async () => {
    await world.bring('Read', BREAKAGES['out of memory']);
    const { code, out } = await run(['Read']);
    expect(code).toBe(1);
    expect(out).toMatch(/^Stack Read is ROLLBACK_COMPLETE; job [0-9a-f-]+ is FAILED\.\n\n1\. The model needs more memory than the endpoint has \(very likely, out-of-memory\)\n {3}event CREATE_FAILED of JobWait1\w+ /);
    expect(out).toMatch(/\n {3}Remedy: Try types with more memory: .*\n {3}https:\/\/docs\.aws\.amazon\.com\/sagemaker\/latest\/dg\/inference-recommender-troubleshooting\.html\n\n2\. The container does not pass the health check/);
    expect(out).not.toMatch(/Received response status|RequestId/);
  });

  test('no value of the container\'s own variables, also where a text is cut or the value has lines', async () => {
    const value = 'hunter2-hunter2\nanother-line';
    const url = `https://data.example/model.tar.gz?X-Amz-Date=20260101&${'x'.repeat(300)}&X-Amz-Signature=signed-by-me`;
    const secret: Breakage = {
      cause: [],
      build: withEnvironment({ DATABASE_PASSWORD: value }),
      benchmarks: () => failing(`${url} ${'.'.repeat(150)} ${value}: The container ran out of memory at ${value}. ${'.'.repeat(132)} ${value}`),
    };
    await world.bring('Secret', secret);
    for (const args of [['Secret'], ['Secret', '--json']]) {
      const { out } = await run(args);
      expect(out).toContain('out of memory at …');
      expect(out).not.toMatch(/hunter|another|Amz|signed|xxx/);
    }
  });

  test('a note has no value of a variable either', async () => {
    const value = 'hunter2-hunter2';
    const { trip } = world.apps.aws.world;
    world.apps.aws.world.trip = (call) => {
      if (call.service === 'servicequotas') { throw new AwsError('NoSuchResourceException', `Nothing\nof ${value} at https://data.example/q?X-Amz-Signature=signed`); }
      trip.call(world.apps.aws.world, call);
    };
    try {
      await world.bring('Noted', { cause: [], build: withEnvironment({ DATABASE_PASSWORD: value }), benchmarks: () => failing('out of memory') });
      expect((await world.diagnosed('Noted')).notes).toContain('Could not look at the quotas of SageMaker: NoSuchResourceException: Nothing of … at https://data.example/q?…');
    } finally {
      world.apps.aws.world.trip = trip;
    }
  });
});

describe('permissions', () => {
  const printed = async (): Promise<any> => JSON.parse((await run(['--policy'])).out);

  test('the printed policy suffices', async () => {
    await world.bring('Allowed', BREAKAGES['a role without a grant']);
    await world.as(await printed(), async () => {
      const { causes: [first], notes } = await world.diagnosed('Allowed');
      expect([first.id, notes]).toEqual(['kms-create-grant', []]);
      expect(first.saw[0].source).toMatch(/^policies of \S+, which is gone, in the template$/);
    });
  });

  test.each<[what: string, error: AwsError, note: string]>([
    ['that the Region has not', new AwsError('UnknownOperationException', 'The requested operation is not supported in the called Region.', 400), ''],
    ['that an older policy denies', new AwsError('AccessDeniedException', 'User: arn:x is not authorized to perform: sagemaker:DescribeAIRecommendationJob on resource: y', 400),
      '. AWS denies sagemaker:DescribeAIRecommendationJob, so not all kinds of jobs were looked for: the option --policy prints the policy that is needed'],
  ])('a family %s does not stop the search of a name', async (_what, error, note) => {
    const input = { ModelName: 'plain', PrimaryContainer: { Image: 'image' } };
    world.region.sagemaker.state.models.set('plain', { name: 'plain', arn: world.region.arn('sagemaker', 'model/plain'), created: new Date(), input });
    const { trip } = world.apps.aws.world;
    world.apps.aws.world.trip = (call) => {
      if (call.operation.startsWith('DescribeAI')) { throw error; }
      trip.call(world.apps.aws.world, call);
    };
    try {
      expect(await world.diagnosed('Deleted')).toMatchObject({ code: 1, stack: { status: 'DELETE_COMPLETE' }, jobs: [{ status: 'FAILED' }] });
      expect(await world.diagnosed('plain')).toMatchObject({ jobs: [{ jobName: 'plain' }] });
      await expect(run(['NoSuch'])).rejects.toThrow(new Error(
        `NoSuch is neither a stack nor a recommendation job, a benchmark job or a model in us-east-1: look at the name, the Region and the account${note}`));
    } finally {
      world.apps.aws.world.trip = trip;
    }
  });

  test('credentials that are not valid end it: nothing was denied', async () => {
    const [name] = world.jobs('OfJob');
    const { trip } = world.apps.aws.world;
    world.apps.aws.world.trip = (call) => {
      if (call.service === 'iam') { throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', 403); }
      trip.call(world.apps.aws.world, call);
    };
    try {
      await expect(run([name])).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    } finally {
      world.apps.aws.world.trip = trip;
    }
  });

  test('what may not be looked at is a note, and the rest is told', async () => {
    const { Statement: [statement], ...policy } = await printed();
    const Action = statement.Action.filter((action: string) => !/^(iam|logs|servicequotas|s3):/.test(action));
    await world.as({ ...policy, Statement: [{ ...statement, Action }] }, async () => {
      const [name] = world.jobs('OfJob');
      const { causes: [first], notes } = await world.diagnosed(name);
      expect(first.id).toBe('insufficient-capacity');
      expect(notes).toEqual(expect.arrayContaining([
        expect.stringMatching(/^Could not look at the logs of job \S+: AWS denies logs:/),
        expect.stringMatching(/^Could not look at the quotas of SageMaker: AWS denies servicequotas:ListServiceQuotas\./),
        expect.stringMatching(/^Could not look at the role \S+: AWS denies iam:GetRole\. inference-recommender diagnose --policy prints /),
      ]));
    });
  });
});
