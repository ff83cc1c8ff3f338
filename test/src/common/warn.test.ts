import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { ContainerImage, InstanceType, MlFramework, RecommendationLimits } from '../../../src';
import { warnOfName } from '../../../src/common/warn';
import { jobIn, late, newStack, packageIn } from '../../harness/constructs';

const told = (make: (scope: Construct) => unknown): string[] => {
  const stack = newStack();
  make(stack);
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('unknownName')).map(({ entry }) => String(entry.data).replace(/ \[ack: .*/, ''));
};
const recommended = (options: { limits?: RecommendationLimits; pinnedInstanceType?: InstanceType }) => told((stack) => jobIn(stack as any).addRecommendation('Best', options));

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
