import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { recommend, Settings, show } from './apps/recommended';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import { CrossStackReference, Endpoint, EndpointConfig, InstanceType, Model, Recommendation, Variant } from '../../src';

function serve(stack: Stack, best: Recommendation): void {
  const model = new Model(stack, 'Model', { recommendation: best });
  const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
  new CfnOutput(stack, 'EndpointName', { value: new Endpoint(stack, 'Endpoint', { endpointConfig: config }).endpointName });
  new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
}

describe('two stacks of one app', () => {
  const app = (settings: Settings = {}): Build => (root) => {
    const [consumer, producer] = [new Stack(root, 'Consumer'), new Stack(root, 'Producer')];
    serve(consumer, recommend(producer, settings));
  };
  let apps: LocalApps;

  beforeEach(async () => { apps = await LocalApps.open(); });
  afterEach(() => apps.close());

  /** What the consumer's endpoint runs on. */
  async function served(): Promise<string> {
    const { EndpointConfigName } = await apps.sagemaker('DescribeEndpoint', { EndpointName: apps.outputs('Consumer').EndpointName });
    return (await apps.sagemaker('DescribeEndpointConfig', { EndpointConfigName })).ProductionVariants[0].InstanceType;
  }

  test('a new recommendation locks nobody: the producer deploys, and the consumer rolls over at its own next deploy', async () => {
    for (const name of ['Producer', 'Consumer']) { expect(await apps.bring(app(), name)).toBe('CREATE_COMPLETE'); }
    expect(await served()).toBe('ml.c5.xlarge');
    expect(apps.statuses()).toEqual(['COMPLETED']);
    const template = apps.stack('Consumer').definition.body;

    const next = app({ objective: 'latency' });
    expect(await apps.bring(next, 'Producer')).toBe('UPDATE_COMPLETE');
    expect(await served()).toBe('ml.c5.xlarge');

    // The CLI knows by itself that a template whose text has not changed is deployed all the same.
    const { exitCode, output } = await apps.cdk(next, ['deploy', 'Consumer', '--exclusively']);
    expect([exitCode, output.includes('(no changes)')]).toEqual([0, false]);
    expect(apps.stack('Consumer').definition.body).toEqual(template);
    expect([await served(), apps.outputs('Consumer').InstanceType]).toEqual(['ml.c5.9xlarge', 'ml.c5.9xlarge']);
    expect(apps.statuses()).toEqual(['COMPLETED']);

    for (const name of ['Consumer', 'Producer']) { expect(await apps.remove(name)).toBe('DELETE_COMPLETE'); }
    expect(apps.parameters('/cdk-sagemaker-inference-recommender')).toEqual({});
  });

  test('jobs may be left out of a deployed app, and taken in again', async () => {
    for (const isWithout of [false, true, false]) {
      const build: Build = (root) => {
        if (isWithout) { root.node.setContext('cdk-sagemaker-inference-recommender:withoutJobs', true); }
        app({ withoutJobs: InstanceType.ML_M5_LARGE })(root);
      };
      for (const name of ['Producer', 'Consumer']) { expect(await apps.bring(build, name)).toMatch(/^(CREATE|UPDATE)_COMPLETE$/); }
      expect(await served()).toBe(isWithout ? 'ml.m5.large' : 'ml.c5.xlarge');
    }
    // The job is found again.
    expect(apps.statuses()).toEqual(['COMPLETED']);
  });

  test('with exports, the same fails in the producer', async () => {
    const settings = { reference: CrossStackReference.CDK };
    const plain = (given: Settings): Build => (root) => {
      const [consumer, producer] = [new Stack(root, 'Consumer'), new Stack(root, 'Producer')];
      show(consumer, recommend(producer, { ...settings, ...given }));
    };
    for (const name of ['Producer', 'Consumer']) { expect(await apps.bring(plain({}), name)).toBe('CREATE_COMPLETE'); }
    expect(await apps.bring(plain({ objective: 'latency' }), 'Producer')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(apps.reasons('Producer')).toMatch(/Export Producer:\S+ cannot be updated as it is in use by Consumer/);
    expect(apps.outputs('Consumer').InstanceType).toBe('ml.c5.xlarge');
  });
});

test('what another stack keeps below the path outlives a deploy that is refused for it', async () => {
  const apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() });
  const theirs: Build = (root) => {
    const stack = new Stack(root, 'Theirs');
    for (const name of ['fields', 'texts', 'Other']) { new CfnParameter(stack, name, { name: `/shop/${name}`, type: 'String', value: 'theirs' }); }
  };
  expect(await apps.bring(theirs, 'Theirs')).toBe('CREATE_COMPLETE');
  expect(await apps.bring((root) => { recommend(new Stack(root, 'Producer'), { parameterPath: '/shop' }); }, 'Producer')).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons('Producer')).toContain('would overwrite them: /shop/fields, /shop/texts. Give the recommendation another `parameterPath`');
  expect(apps.parameters('/shop')).toEqual({ fields: 'theirs', texts: 'theirs', Other: 'theirs' });
  await apps.close();
});
