import fc from 'fast-check';
import { jobIds } from '../../../lambda/jobs/identity';
import { inferenceRecommendations } from '../../../lambda/jobs/inference-recommendations/family';
import { isJobId, Reuse, REUSE } from '../../../src/contract/job-name';
import { packageRequest } from '../../harness/model-package';
import { ROLE_ARN } from '../../harness/stage';

/** All that a job's id could depend on. */
interface World {
  readonly reuse: Reuse;
  readonly stack: { readonly name: string; readonly guid: string };
  /** The stack's name in the app. @default - that of the stack */
  readonly madeFor?: string;
  readonly logicalId: string;
  readonly trigger?: string;
  readonly target: { readonly name: string; readonly created: number };
  /** What the package has beside its content. */
  readonly noted: object;
  readonly described: any;
  readonly request: any;
  /** ETags by key. An object without one may not be read. */
  readonly etags: Readonly<Record<string, string>>;
}

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const described = (container: object = {}, more: object = {}) => ({ ...packageRequest({ container: { ImageDigest: digest('0'), Environment: { A: '1' }, ...container } }), ...more });
const WORLD: World = {
  reuse: 'account',
  stack: { name: 'shop', guid: '0a1b2c3d-1111-2222-3333-444455556666' },
  logicalId: 'Job',
  target: { name: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/group/1', created: 0 },
  noted: {},
  described: described(),
  request: { JobType: 'Default', RoleArn: ROLE_ARN, InputConfig: {} },
  etags: { 'model.tar.gz': '"m"', 'payload.tar.gz': '"p"', 'copy.tar.gz': '"m"' },
};

async function idsOf({ reuse, stack, madeFor, logicalId, trigger, target, noted, described: members, request, etags }: World): Promise<string[]> {
  // As the service answers, of which the family takes what counts.
  const sagemaker: any = { send: async () => ({ ...members, ...noted, CreationTime: new Date(target.created) }) };
  const whole = { ...request, InputConfig: { ModelPackageVersionArn: target.name, ...request.InputConfig } };
  return jobIds(inferenceRecommendations, {
    Reuse: reuse,
    Namespace: 'aaaaaaaa',
    StackKey: 'bbbbbbbb',
    ScopeName: stack.name,
    MadeFor: madeFor ?? stack.name,
    StackId: `arn:aws:cloudformation:us-east-1:111111111111:stack/${stack.name}/${stack.guid}`,
    LogicalResourceId: logicalId,
    Trigger: trigger,
    request: whole,
    target: await inferenceRecommendations.target(sagemaker, whole),
  }, { send: async ({ input: { address } }: any) => etags[address.replace('s3://bucket/', '')] });
}

const idOf = async (world: Partial<World>) => (await idsOf({ ...WORLD, ...world }))[0];
const input = (members: object) => ({ request: { ...WORLD.request, InputConfig: members } });
const text = fc.string({ minLength: 1, maxLength: 12 });

/** What one thing may be instead. */
const NOT_COUNTED: Record<string, fc.Arbitrary<Partial<World>>> = {
  'the package\'s ARN and date': fc.record({ name: text, created: fc.nat() }).map((target) => ({ target })),
  'the construct\'s and the stack\'s ids and names': fc.record({ name: text, guid: fc.uuid(), logicalId: text }).map(({ name, guid, logicalId }) => ({ stack: { name, guid }, logicalId })),
  'what others noted of the package': fc.record({
    ModelPackageDescription: text,
    ModelApprovalStatus: text,
    CustomerMetadataProperties: fc.dictionary(text, text),
    ModelMetrics: fc.object(),
    SourceUri: text,
    ModelPackageGroupName: text,
    ModelPackageVersion: fc.nat(),
    SecurityConfig: fc.object(),
    ValidationSpecification: fc.object(),
  }, { requiredKeys: [] }).map((noted) => ({ noted })),
  'who runs the job, and its name': fc.record({ RoleArn: text, JobDescription: text, OutputConfig: fc.object(), Tags: fc.array(fc.object()) }, { requiredKeys: [] })
    .map((members) => ({ request: { ...WORLD.request, ...members } })),
  'the network and the key': fc.record({ VpcConfig: fc.object(), VolumeKmsKeyId: text }, { requiredKeys: [] }).map(input),
  'the repository and the tag': text.map((Image) => ({ described: described({ Image }) })),
  'the address of the same bytes': fc.constant({ described: described({ ModelDataUrl: 's3://bucket/copy.tar.gz' }) }),
};

const COUNTED: Record<string, Partial<World>> = {
  'the image\'s digest': { described: described({ ImageDigest: digest('1') }) },
  'the model\'s bytes': { etags: { ...WORLD.etags, 'model.tar.gz': '"n"' } },
  'the payload\'s bytes': { etags: { ...WORLD.etags, 'payload.tar.gz': '"n"' } },
  'the environment': { described: described({ Environment: { A: '2' } }) },
  'a variable called like a member': { described: described({ Environment: { A: '1', ImageDigest: 'x' } }) },
  'the framework': { described: described({ FrameworkVersion: '9' }) },
  'the domain': { described: described({}, { Domain: 'OTHER' }) },
  'a content type': { described: described({}, { InferenceSpecification: { ...described().InferenceSpecification, SupportedContentTypes: ['text/plain'] } }) },
  'an additional specification': { described: described({}, { AdditionalInferenceSpecifications: [{ Name: 'a', Containers: [{ Image: 'i', ImageDigest: digest('2') }] }] }) },
  'the trigger': { trigger: 'again' },
  'the type of the job': { request: { ...WORLD.request, JobType: 'Advanced' } },
  'its duration': input({ JobDurationInSeconds: 60 }),
  'its traffic': input({ TrafficPattern: { TrafficType: 'PHASES', Phases: [{ InitialNumberOfUsers: 1, SpawnRate: 1, DurationInSeconds: 120 }] } }),
  'its candidates': input({ EndpointConfigurations: [{ InstanceType: 'ml.c5.large' }] }),
  'its container': input({ ContainerConfig: { Domain: 'OTHER' } }),
  'its stopping conditions': { request: { ...WORLD.request, StoppingConditions: { MaxInvocations: 1 } } },
};

/** Whose content is not certain. */
const UNCERTAIN: Record<string, Partial<World>> = {
  'an image without a digest': { described: described({ ImageDigest: undefined }) },
  'a model that may not be read': { etags: { 'payload.tar.gz': '"p"' } },
  'a payload that may not be read': { etags: { 'model.tar.gz': '"m"' } },
  'a prefix': { described: described({ ModelDataUrl: undefined, ModelDataSource: { S3DataSource: { S3Uri: 's3://bucket/', S3DataType: 'S3Prefix' } } }) },
  'a package by its name': { described: described({ ModelPackageName: 'other' }) },
  'an algorithm by its name': { described: described({}, { SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName: 'a' }] } }) },
  'an existing endpoint': input({ Endpoints: [{ EndpointName: 'e' }] }),
  'a package without containers': { described: { Domain: 'D' } },
};

test.each(Object.entries(NOT_COUNTED))('%s: the id is the same', async (_what, changes) => {
  const id = await idOf({});
  await fc.assert(fc.asyncProperty(changes, async (change) => { expect(await idOf(change)).toBe(id); }));
});

test('all of it at once: the id is the same', async () => {
  const id = await idOf({});
  const all = fc.tuple(...Object.values(NOT_COUNTED).slice(0, 4)).map((changes) => Object.assign({}, ...changes) as Partial<World>);
  await fc.assert(fc.asyncProperty(all, async (change) => { expect(await idOf(change)).toBe(id); }));
});

test('each thing that counts makes an id of its own, whatever else is different', async () => {
  const ids = await Promise.all([{}, ...Object.values(COUNTED)].map(idOf));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every(isJobId)).toBe(true);
});

describe.each(REUSE)('a job that is found within: %s', (reuse) => {
  const scopes: Record<string, Partial<World>> = {
    'another construct': { logicalId: 'Other' },
    'a stack made again under its name': { stack: { ...WORLD.stack, guid: 'ffffffff-1111-2222-3333-444455556666' } },
    'another stack': { stack: { name: 'other', guid: 'ffffffff-1111-2222-3333-444455556666' } },
  };
  const found = { stack: [true, true, false], account: [true, true, true], construct: [false, false, false], never: [false, false, false] }[reuse];

  test('is found by as many as that', async () => {
    const id = await idOf({ reuse });
    expect(await Promise.all(Object.values(scopes).map(async (scope) => await idOf({ reuse, ...scope }) === id))).toEqual(found);
  });

  test.each(Object.entries(UNCERTAIN))('%s: only by the construct and for the very target', async (_what, uncertain) => {
    const ids = await idsOf({ ...WORLD, reuse, ...uncertain });
    expect(ids).toHaveLength(1);
    expect(await idOf({ reuse, ...uncertain })).toBe(ids[0]);
    const others = [...Object.values(scopes), { target: { ...WORLD.target, created: 1000 } }, { target: { ...WORLD.target, name: 'other' } }];
    for (const other of others) { expect(await idOf({ reuse, ...uncertain, ...other })).not.toBe(ids[0]); }
  });

  test('has the id of an object that could not be read for a moment as its second one', async () => {
    const [, second] = await idsOf({ ...WORLD, reuse });
    expect(await idsOf({ ...WORLD, reuse, etags: {} })).toEqual([second]);
  });
});

test('two stacks of one template share no job of the account: their claims could not be told apart', async () => {
  const other = { stack: { name: 'twin', guid: 'ffffffff-1111-2222-3333-444455556666' }, madeFor: 'shop' };
  expect(await idOf(other)).not.toBe(await idOf({}));
  expect(await idOf({ ...other, stack: { ...other.stack, guid: 'eeeeeeee-1111-2222-3333-444455556666' } })).toBe(await idOf(other));
});
