import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { ContainerImage, EndpointConfig, InstanceType, MlDomain, MlFramework, MlTask, Model, RecommendationLimits, Variant } from '../../../src';
import { warnOfName } from '../../../src/common/warn';
import { jobIn, late, newStack, packageIn } from '../../harness/constructs';

const told = (make: (scope: Construct) => unknown): string[] => {
  const stack = newStack();
  make(stack);
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('unknownName')).map(({ entry }) => String(entry.data).replace(/ \[ack: .*/, ''));
};
const recommended = (options: { limits?: RecommendationLimits; pinnedInstanceType?: InstanceType; fallback?: { instanceType: InstanceType } }) => told((stack) => jobIn(stack as any).addRecommendation('Best', options));

describe('a name that may be mistyped is told before a job is paid for', () => {
  const known = (at: string, given: string, nearest?: string) => (
    [`\`${at}\` is '${given}', which this version of the library does not know${nearest ? `: did you mean '${nearest}'?` : '.'} Acknowledge this warning if the service knows the name.`]
  );

  test.each<[string, string[], string[]]>([
    ['MlFramework.of(\'XGBost\')', told((stack) => packageIn(stack as any, { containers: [{ image: ContainerImage.fromRegistry('image'), framework: MlFramework.of('XGBost') }] })),
      known('containers[0].framework', 'XGBost', 'XGBOOST')],
    ['an allowed family', recommended({ limits: { allowedInstanceFamilies: ['ml.c5', 'ml.c55'] } }), known('limits.allowedInstanceFamilies[1]', 'ml.c55', 'ml.c5')],
    ['a refused family that is close to none', recommended({ limits: { refusedInstanceFamilies: ['ml.quantum'] } }), known('limits.refusedInstanceFamilies[0]', 'ml.quantum')],
    ['an allowed type', recommended({ limits: { allowedInstanceTypes: [InstanceType.of('ml.c5.xlrge')] } }),
      known('limits.allowedInstanceTypes[0]', 'ml.c5.xlrge', 'ml.c5.xlarge')],
    ['a type of a fallback', recommended({ fallback: { instanceType: InstanceType.of('ml.c5.xlarg') } }), known('fallback.instanceType', 'ml.c5.xlarg', 'ml.c5.xlarge')],
    ['a framework of a container configuration', told((stack) => jobIn(stack as any, { containerConfig: { framework: MlFramework.of('pytorh') } })),
      known('containerConfig.framework', 'pytorh', 'PYTORCH')],
    ['a domain and a task of a package', told((stack) => packageIn(stack as any, { domain: MlDomain.of('COMPUTER_VISON'), task: MlTask.of('CLASIFICATION') })),
      [...known('domain', 'COMPUTER_VISON', 'COMPUTER_VISION'), ...known('task', 'CLASIFICATION', 'CLASSIFICATION')]],
    ['a task of a container configuration', told((stack) => jobIn(stack as any, { containerConfig: { task: MlTask.of('FILL_MSK') } })),
      known('containerConfig.task', 'FILL_MSK', 'FILL_MASK')],
    ['a type of a container configuration', told((stack) => jobIn(stack as any, { containerConfig: { supportedInstanceTypes: [InstanceType.of('ml.m5.lage')] } })),
      known('containerConfig.supportedInstanceTypes[0]', 'ml.m5.lage', 'ml.m5.large')],
    ['a type of a package', told((stack) => packageIn(stack as any, { supportedRealtimeInferenceInstanceTypes: [InstanceType.of('ml.g5.xlrge')] })),
      known('supportedRealtimeInferenceInstanceTypes[0]', 'ml.g5.xlrge', 'ml.g5.xlarge')],
    ['a type of a variant', told((stack) => new EndpointConfig(stack, 'Config', {
      variants: [Variant.onInstances(Model.fromModelName(stack, 'Model', 'model'), { instanceType: InstanceType.of('ml.c5.xlrge') })],
    })), known('variants[\'AllTraffic\'].instanceType', 'ml.c5.xlrge', 'ml.c5.xlarge')],
    ['a pinned type', recommended({ pinnedInstanceType: InstanceType.of('ml.m5.2xlarg') }), known('pinnedInstanceType', 'ml.m5.2xlarg', 'ml.m5.2xlarge')],
  ])('%s', (_what, messages, expected) => {
    expect(messages).toEqual(expected);
  });

  test('but not a known one, one that only the deploy knows, or one that is like no other', () => {
    expect(recommended({ limits: { allowedInstanceFamilies: ['ml.c5', late.text('family')], allowedInstanceTypes: [InstanceType.ML_C5_LARGE] } })).toEqual([]);
    expect(told((stack) => packageIn(stack as any, { containers: [{ image: ContainerImage.fromRegistry('image'), framework: MlFramework.of('HUGGINGFACE') }] }))).toEqual([]);
    expect(told((stack) => warnOfName(stack, 'prop', undefined, ['a']))).toEqual([]);
  });
});
