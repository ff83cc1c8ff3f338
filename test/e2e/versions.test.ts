import { createHash } from 'crypto';
import { unzipSync } from 'fflate';
import { sharedAccount } from './account';
import type { Life, Settings } from './life';
import { zipOf } from '../harness/assembly';

const CREATE = 'CreateInferenceRecommendationsJob';

/** What a later version's code differs in: its answers have an attribute more. */
const LATER_CODE = `
const put = globalThis.fetch;
globalThis.fetch = (url, options) => {
  const answer = JSON.parse(options.body);
  return put(url, { ...options, body: JSON.stringify({ ...answer, ...answer.Data && { Data: { ...answer.Data, Later: 'known' } } }) });
};
export const { handler } = await import('./earlier.mjs');
`;

const account = sharedAccount();

/** A stack of this version whose job is over. */
async function created(name: string, settings: Settings = {}): Promise<Life> {
  const stack = (await account()).stack(name);
  expect(await stack.bring(settings)).toBe('CREATE_COMPLETE');
  return stack;
}

/** Puts later code in the place of the library's own, under hashes of its own. */
function withLaterCode(stack: Life, template: any): void {
  const { world: { s3 }, account: number, name } = stack.region;
  for (const { Type, Properties } of Object.values<any>(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') { continue; }
    const bucket = Properties.Code.S3Bucket['Fn::Sub'].replace('${AWS::AccountId}', number).replace('${AWS::Region}', name);
    const module = Properties.Handler.replace(/\.handler$/, '.mjs');
    const { [module]: earlier, ...others } = unzipSync(s3.find(bucket)!.objects.get(Properties.Code.S3Key)!.content.bytes());
    const zip = zipOf({ ...others, [module]: LATER_CODE, 'earlier.mjs': earlier });
    Properties.Code.S3Key = `${createHash('sha256').update(zip).digest('hex')}.zip`;
    s3.putObject(bucket, Properties.Code.S3Key, zip);
  }
}

function withSchema(version: string, template: any): void {
  for (const { Properties } of Object.values<any>(template.Resources)) {
    if (Properties?.SchemaVersion !== undefined) { Properties.SchemaVersion = version; }
  }
}

/** Logical ids of the library's own resources. */
function custom(stack: Life): string[] {
  return [...stack.record.resources.values()].filter(({ type }) => type.startsWith('Custom::')).map(({ logicalId }) => logicalId).sort();
}

/** Changes a stack and expects that no job is started, stopped or waited for; gives the custom resources that were asked anew. */
async function expectNoJob(stack: Life, change: () => Promise<string>, status = 'UPDATE_COMPLETE'): Promise<string[]> {
  const { events } = stack.record;
  const [seen, started] = [events.length, stack.done(CREATE)];
  expect(await change()).toBe(status);
  expect(stack.done(CREATE)).toEqual(started);
  expect(stack.done('StopInferenceRecommendationsJob')).toEqual([]);
  const news = events.slice(seen);
  expect(news[news.length - 1].virtualTime - news[0].virtualTime).toBeLessThan(10 * 60_000);
  return news.filter((event) => event.type.startsWith('Custom::') && event.status === 'UPDATE_COMPLETE').map(({ logicalId }) => logicalId).sort();
}

test.concurrent('a version whose answers have another attribute has the stored ones renewed, and the earlier one takes them back', async () => {
  const stack = await created('Attribute', { endpoint: true });
  const { outputs } = stack;
  const uses = (template: any) => {
    withLaterCode(stack, template);
    const [best] = Object.keys(template.Resources).filter((id) => id.startsWith('JobBest'));
    template.Outputs.Later = { Value: { 'Fn::GetAtt': [best, 'Later'] } };
  };
  // Without another schema nothing asks for new answers, and the stored ones lack it.
  await expectNoJob(stack, () => stack.bring({ endpoint: true }, { edit: uses }), 'UPDATE_ROLLBACK_COMPLETE');
  expect(stack.record.events.map(({ reason }) => reason ?? '').join()).toContain('Later');
  const renewed = await expectNoJob(stack, () => stack.bring({ endpoint: true }, {
    edit: (template) => {
      uses(template);
      withSchema('later', template);
    },
  }));
  expect(renewed).toEqual(custom(stack));
  expect(stack.outputs).toEqual({ ...outputs, Later: 'known' });

  expect(await expectNoJob(stack, () => stack.bring({ endpoint: true }))).toEqual(custom(stack));
  expect(stack.outputs).toEqual(outputs);
});

test.concurrent('resource types that a version adds come and go beside a job that is left alone', async () => {
  const stack = await created('Types', { recommendation: false });
  const [old, job] = [custom(stack), await stack.jobs()];
  const more = { endpoint: true, scales: true, deleteCompilationJobs: true, parameterPath: '/types', maxModelLatency: 1_000_000 };
  expect(await expectNoJob(stack, () => stack.bring(more))).toEqual([]);
  const types = new Set(stack.resources(/./).map(({ type }) => type));
  for (const type of ['Recommendation', 'RecommendationsJobCompilations', 'RecommendationModel', 'EndpointScaling'].map((end) => `Custom::Inference${end}`)) {
    expect(types).toContain(type);
  }
  expect(await stack.endpoint()).toMatchObject({ status: 'InService', instanceType: stack.outputs.InstanceType });

  expect(await expectNoJob(stack, () => stack.bring({ recommendation: false }))).toEqual([]);
  expect(custom(stack)).toEqual(old);
  expect(await stack.jobs()).toEqual(job);
  expect(stack.parameters('/types')).toEqual({});
});

test.concurrent('other code alone asks nothing anew, and the next job runs with it', async () => {
  const stack = await created('Code');
  const { outputs } = stack;
  const later = { edit: (template: any) => withLaterCode(stack, template) };
  // What has answered already may still be on its way to its end.
  await (await account()).pass(1);
  const invocations = stack.invocations.length;
  expect(await expectNoJob(stack, () => stack.bring({}, later))).toEqual([]);
  expect(await expectNoJob(stack, () => stack.bring())).toEqual([]);
  await (await account()).pass(1);
  expect(stack.invocations).toHaveLength(invocations);
  expect(stack.outputs).toEqual(outputs);
  expect(await stack.bring({ trigger: 'again' }, later)).toBe('UPDATE_COMPLETE');
  expect(stack.done(CREATE)).toHaveLength(2);
  expect(stack.resources(/^JobBest/)[0].attributes.Later).toBe('known');
});
