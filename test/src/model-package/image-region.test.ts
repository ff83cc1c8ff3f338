import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { App, Stack, Token } from 'aws-cdk-lib/core';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import fc from 'fast-check';
import { ContainerImage, Model, ModelContainer } from '../../../src';
import { packageIn } from '../../harness/constructs';

const stackIn = (region?: string) => new Stack(new App(), 'Stack', { env: { account: '111111111111', region } });
const uriOf = (account: string, region: string, image = 'sagemaker-xgboost:1.3-1') => `${account}.dkr.ecr.${region}.amazonaws.com/${image}`;
/** A model and a package with the image, and the warnings. */
function use(uri: string, region?: string): string[] {
  const stack = stackIn(region);
  new Model(stack, 'Model', { containers: [ModelContainer.fromImage(ContainerImage.fromRegistry(uri))] });
  packageIn(stack as any, { containers: [{ image: ContainerImage.fromRegistry(uri) }] });
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('ImageRegion')).map(({ entry }) => String(entry.data));
}
const DLC = (region: string) => Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT);

describe('an image of AWS\'s own registry of another Region is refused, with the account of the stack\'s Region', () => {
  test.each([
    ['another Region', uriOf('683313688378', 'us-east-1')],
    ['the Region changed, and not the account', uriOf('683313688378', 'eu-west-1')],
  ])('%s', (_what, uri) => {
    expect(() => use(uri, 'eu-west-1')).toThrow(`must be in the stack's Region eu-west-1, got: '${uri}', which is AWS's registry of another Region.`
      + ' Use account 141502667606 and eu-west-1 in its URI.');
  });

  test('each framework image of each two Regions that the CDK knows', () => {
    const regions = Fact.regions.filter(DLC);
    expect(regions.length).toBeGreaterThan(20);
    fc.assert(fc.property(fc.constantFrom(...regions), fc.constantFrom(...regions), (of, region) => {
      const made = () => use(uriOf(DLC(of)!, of, 'pytorch-inference:2.1'), region);
      if (of === region) { expect(made()).toEqual([]); } else { expect(made).toThrow(`Use account ${DLC(region)} and ${region} in its URI.`); }
    }), { numRuns: 20 });
  });
});

test('an image of one\'s own in another Region gets a warning', () => {
  expect(use(uriOf('222222222222', 'us-east-1', 'mine:1'), 'eu-west-1')).toHaveLength(2);
});

test('nothing is said where the stack\'s or the image\'s Region is not known, or there is no registry of ECR', () => {
  expect(use(uriOf('683313688378', 'us-east-1'), 'us-east-1')).toEqual([]);
  expect(use(uriOf('683313688378', 'us-east-1'))).toEqual([]);
  expect(use(uriOf(Token.asString({ Ref: 'Account' }), 'us-east-1'), 'eu-west-1')).toEqual([]);
  expect(use(uriOf('683313688378', Token.asString({ Ref: 'AWS::Region' })), 'eu-west-1')).toEqual([]);
  expect(use('public.ecr.aws/mine:1', 'eu-west-1')).toEqual([]);
  // A Region that no table has yet.
  expect(use(uriOf('683313688378', 'xx-new-1'), 'xx-new-1')).toEqual([]);
});
