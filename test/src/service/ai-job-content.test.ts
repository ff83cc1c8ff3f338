import { readFileSync } from 'fs';
import { join } from 'path';
import fc from 'fast-check';
import { AI_COUNTED_OUTPUT, AI_NOT_COUNTED, aiContentOf, countedAiRequest, WORKLOAD_MEMBERS } from '../../../src/service/ai-job-content';
import { membersOf } from '../../harness/sdk-shapes';

const REQUEST = {
  AIRecommendationJobName: 'job',
  ModelSource: { S3: { S3Uri: 's3://models/chat/' } },
  OutputConfig: { S3OutputLocation: 's3://results/', ModelPackageGroupIdentifier: 'chat', MlflowConfig: { MlflowResourceArn: 'arn' } },
  AIWorkloadConfigIdentifier: 'load1',
  PerformanceTarget: { Constraints: [{ Metric: 'cost' }] },
  RoleArn: 'role',
  Tags: [],
};
const WORKLOAD = { AIWorkloadConfigs: { WorkloadSpec: { Inline: '{"a":1}' } }, CreationTime: new Date(), AIWorkloadConfigName: 'load1' };
const ETAGS = new Map([['s3://models/chat/', '"e"']]);

test('every member of both requests counts, but for names, roles, tags, networks and where results go', () => {
  const members = [...new Set(['CreateAIRecommendationJobRequest', 'CreateAIBenchmarkJobRequest'].flatMap(membersOf))];
  expect(members.length).toBeGreaterThan(12);
  const whole = Object.fromEntries(members.map((name) => [name, name === 'OutputConfig' ? REQUEST.OutputConfig : 'x']));
  const counted = countedAiRequest(whole);
  expect(members.filter((name) => !(name in counted)).sort()).toEqual([...AI_NOT_COUNTED].sort());
  expect(Object.keys(counted.OutputConfig as object)).toEqual([...AI_COUNTED_OUTPUT]);
});

test('the document has each member, as the code has it', () => {
  const document = readFileSync(join(__dirname, '../../../docs/what-counts.md'), 'utf8');
  const rows = [...document.matchAll(/^\| (recommendation|benchmark|workload) \| `(\w+)` \| (.*) \|$/gm)].map(([, ...cells]) => cells.join(' '));
  const how = (member: string) => {
    if (member === 'OutputConfig') { return 'by its `ModelPackageGroupIdentifier`'; }
    return member === 'AIWorkloadConfigIdentifier' ? 'by what the workload says' : (AI_NOT_COUNTED as readonly string[]).includes(member) ? 'no' : 'yes';
  };
  expect(rows.sort()).toEqual([
    ...membersOf('CreateAIRecommendationJobRequest').map((member) => `recommendation ${member} ${how(member)}`),
    ...membersOf('CreateAIBenchmarkJobRequest').map((member) => `benchmark ${member} ${how(member)}`),
    ...membersOf('DescribeAIWorkloadConfigResponse').map((member) => `workload ${member} ${(WORKLOAD_MEMBERS as readonly string[]).includes(member) ? 'yes' : 'no'}`),
  ].sort());
});

test('a request without a group has no output that counts', () => {
  expect(countedAiRequest({ ...REQUEST, OutputConfig: { S3OutputLocation: 's3://results/' } })).not.toHaveProperty('OutputConfig');
});

test('a workload counts by what it says, and a model by what is below its address', () => {
  const { counted, isCertain, unknown } = aiContentOf(REQUEST, WORKLOAD, ETAGS);
  expect([isCertain, unknown]).toEqual([true, []]);
  expect(counted).toEqual({
    ModelSource: { S3: { S3Uri: { etag: 'e' } } },
    OutputConfig: { ModelPackageGroupIdentifier: 'chat' },
    PerformanceTarget: { Constraints: [{ Metric: 'cost' }] },
    workload: { AIWorkloadConfigs: { WorkloadSpec: { Inline: '{"a":1}' } } },
  });
});

test.each<[string, object, object | undefined, ReadonlyMap<string, string>]>([
  ['a model that may not be listed', REQUEST, WORKLOAD, new Map()],
  ['a dataset that may not be listed', REQUEST, { DatasetConfig: { InputDataConfig: [{ DataSource: { S3DataSource: { S3Uri: 's3://data/' } } }] } }, ETAGS],
  ['an adapter that is a package', { ...REQUEST, AdapterSource: { ModelPackageArns: [{ AdapterId: 'a', ModelPackageArn: 'arn' }] } }, WORKLOAD, ETAGS],
  ['an endpoint', { BenchmarkTarget: { Endpoint: { Identifier: 'live' } } }, WORKLOAD, ETAGS],
  ['a workload that is not known', REQUEST, undefined, ETAGS],
])('%s is not certain', (_what, request, workload, etags) => {
  expect(aiContentOf(request as any, workload, etags).isCertain).toBe(false);
});

test('a changed name, output or role is the same content, and anything else is another one', () => {
  const content = (request: object, workload: object = WORKLOAD) => JSON.stringify(aiContentOf(request as any, workload, ETAGS).counted);
  fc.assert(fc.property(fc.string(), (text) => {
    const named = { AIRecommendationJobName: text, RoleArn: text, AIWorkloadConfigIdentifier: text, Tags: [text] };
    expect(content({ ...REQUEST, ...named })).toBe(content(REQUEST));
    expect(content({ ...REQUEST, OutputConfig: { ...REQUEST.OutputConfig, S3OutputLocation: text, MlflowConfig: text } })).toBe(content(REQUEST));
    fc.pre(text !== 'chat' && text !== '{"a":1}');
    expect(content({ ...REQUEST, OutputConfig: { ModelPackageGroupIdentifier: text } })).not.toBe(content(REQUEST));
    expect(content(REQUEST, { AIWorkloadConfigs: { WorkloadSpec: { Inline: text } } })).not.toBe(content(REQUEST));
  }));
});
