import { Duration, Stack } from 'aws-cdk-lib';
import { ClarifyExplainer, EndpointConfig, EndpointConfigProps, RoutingStrategy, TextGranularity, Variant } from '../../../src';
import { deployed, idOf, late, newStack } from '../../harness/constructs';
import { bucket, configProperties, granted, key, KEY_ACTIONS, KEY_ARN, onInstances, ON_INSTANCES, ownModel } from '../../harness/endpoints';

const withExplainer = (shap: Partial<ClarifyExplainer['shap']>, more: Partial<ClarifyExplainer> = {}) => (
  configProperties(() => ({ explainer: { shap, ...more } })).ExplainerConfig.ClarifyExplainerConfig);

describe('an explainer', () => {
  test('needs no more than that it is wanted', () => {
    expect(withExplainer({})).toEqual({ ShapConfig: { ShapBaselineConfig: {} } });
  });

  test('has a baseline in itself, or in S3, where the model\'s role may read it', () => {
    expect(withExplainer({ baseline: '1,2', seed: 7 }).ShapConfig).toEqual({ ShapBaselineConfig: { ShapBaseline: '1,2' }, Seed: 7 });
    const explainer = { shap: { baselineUri: 's3://data/baseline.csv' } };
    expect(withExplainer(explainer.shap).ShapConfig.ShapBaselineConfig).toEqual({ ShapBaselineUri: 's3://data/baseline.csv' });
    expect(granted(() => ({ explainer }))).toEqual({ 's3:GetObject': ['arn:aws:s3:::data/baseline.csv'] });
  });

  test.each<[string, () => unknown, RegExp]>([
    ['two baselines', () => withExplainer({ baseline: '1', baselineUri: 's3://data/a' }), /^`explainer\.shap\.baselineUri` must not be given with/],
    ['no sample', () => withExplainer({ numberOfSamples: 0 }), /^`explainer\.shap\.numberOfSamples` must be at least 1, got: 0\.$/],
    ['an unknown language', () => withExplainer({ text: { language: 'klingon', granularity: TextGranularity.TOKEN } }), /^`explainer\.shap\.text\.language` must be/],
    ['requests of 26 MB', () => withExplainer({}, { inference: { maxPayloadInMb: 26 } }), /^`explainer\.inference\.maxPayloadInMb` must be at most 25, got: 26\.$/],
    ['an expression that is too long', () => withExplainer({}, { enableExplanations: 'e'.repeat(65) }), /^`explainer\.enableExplanations` must have at most 64/],
  ])('with %s is refused by name, value and bound', (_what, make, sentence) => {
    expect(make).toThrow(sentence);
  });

  test('may be one that only the deploy knows', () => {
    expect(withExplainer({ numberOfSamples: late.number(3), text: { language: late.text('en'), granularity: TextGranularity.SENTENCE } }).ShapConfig)
      .toMatchObject({ NumberOfSamples: 3, TextConfig: { Language: 'en', Granularity: 'sentence' } });
  });
});

describe('metrics', () => {
  test('are published as often as they are wanted', () => {
    const metricsConfig = { enhancedMetrics: true, detailedObservability: false, publishFrequency: Duration.minutes(5) };
    expect(configProperties(() => ({ metricsConfig })).MetricsConfig)
      .toEqual({ EnableEnhancedMetrics: true, EnableDetailedObservability: false, MetricPublishFrequencyInSeconds: 300 });
  });

  test('are refused at a frequency that the service has not', () => {
    expect(() => configProperties(() => ({ metricsConfig: { publishFrequency: Duration.seconds(20) } })))
      .toThrow('`metricsConfig.publishFrequency` must be one of 10, 30, 60, 120, 180, 240, 300 seconds, got: 20.');
    expect(() => configProperties(() => ({ metricsConfig: { publishFrequency: Duration.seconds(late.number(20)) } }))).not.toThrow();
  });
});

describe('routing by prefix', () => {
  const routed = (routingStrategy: RoutingStrategy) => configProperties((stack) => ({ variants: [onInstances(stack, { routingStrategy })] }));

  test.each<[RoutingStrategy, string]>([
    [RoutingStrategy.of('PREFIX_AWARE'), '`routingStrategy` must say how long the prefix is'],
    [RoutingStrategy.prefixAware({ prefixLength: 1023, concurrencyThreshold: 1 }), '`routingStrategy.prefixLength` must be at least 1024, got: 1023.'],
    [RoutingStrategy.prefixAware({ prefixLength: 1024, concurrencyThreshold: 1025 }), '`routingStrategy.concurrencyThreshold` must be at most 1024, got: 1025.'],
  ])('is refused by name, value and bound', (strategy, sentence) => {
    expect(() => routed(strategy)).toThrow(sentence);
  });

  test('may have figures that only the deploy knows', () => {
    const strategy = RoutingStrategy.prefixAware({ prefixLength: late.number(1024), concurrencyThreshold: late.number(2) });
    const { ProductionVariants: [{ RoutingConfig }] } = routed(strategy);
    expect(RoutingConfig.PrefixAwareRoutingConfig).toEqual({ PrefixLength: 1024, ConcurrencyThreshold: 2 });
  });
});

describe('a dump of a crash', () => {
  const dumps = (stack: Stack): Partial<EndpointConfigProps> => ({
    variants: [Variant.onInstances(ownModel(stack, 'Crashing'), {
      ...ON_INSTANCES, coreDump: { bucket: bucket(stack), prefix: 'dumps/', encryptionKey: key(stack) },
    })],
  });

  test('is written by the role of the model that crashes, with its key', () => {
    expect(granted(dumps, 'CrashingRole')).toEqual({
      ...Object.fromEntries(['s3:PutObject', 's3:AbortMultipartUpload'].map((action) => [action, ['arn:aws:s3:::data/dumps/*']])),
      ...Object.fromEntries(KEY_ACTIONS.map((action) => [action, [KEY_ARN]])),
    });
  });

  test('is not written by the role of another model', () => {
    const stack = newStack();
    const sound = Variant.onInstances(ownModel(stack), { ...ON_INSTANCES, variantName: 'sound' });
    new EndpointConfig(stack, 'Config', { variants: [...dumps(stack).variants!, sound] });
    const resources = deployed(stack);
    expect(JSON.stringify(resources[idOf(resources, 'ModelRole')])).not.toContain('data');
    expect(Object.keys(resources).filter((id) => /^ModelRoleDefaultPolicy/.test(id))).toEqual([]);
  });
});

test.each([[undefined, 'capacity-reservations-only'], [true, 'capacity-reservations-only'], [false, undefined]])(
  'a reservation whose instances start only there: %s', (reservedOnly, preference) => {
    const reservationArn = 'arn:aws:sagemaker:us-east-1:111111111111:training-plan/plan';
    const found = configProperties((stack) => ({ variants: [onInstances(stack, { capacityReservation: { reservationArn, reservedOnly } })] }));
    expect(found.ProductionVariants[0].CapacityReservationConfig)
      .toEqual({ MlReservationArn: reservationArn, CapacityReservationPreference: preference });
    expect(() => configProperties((stack) => ({ variants: [onInstances(stack, { capacityReservation: { reservationArn: 'plan' } })] })))
      .toThrow(/^`capacityReservation\.reservationArn` must/);
  });
