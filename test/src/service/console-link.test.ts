import { consoleLink, isConsoleLink, jobLink } from '../../../src/service/console-link';

test.each<[string, string | undefined]>([
  ['eu-central-1', 'https://eu-central-1.console.aws.amazon.com/sagemaker/home?region=eu-central-1#/endpoints/shop'],
  ['mx-central-1', 'https://mx-central-1.console.aws.amazon.com/sagemaker/home?region=mx-central-1#/endpoints/shop'],
  ['cn-northwest-1', 'https://cn-northwest-1.console.amazonaws.cn/sagemaker/home?region=cn-northwest-1#/endpoints/shop'],
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/sagemaker/home?region=us-gov-west-1#/endpoints/shop'],
  ['us-iso-east-1', undefined],
  ['us-isob-east-1', undefined],
  ['eu-isoe-west-1', undefined],
  ['eusc-de-east-1', undefined],
  ['', undefined],
])('the console of %s', (region, expected) => {
  expect(consoleLink(region, 'sagemaker', '/endpoints/shop')).toBe(expected);
});

test('of a job it has the streams that begin with its name, encoded as the console does it', () => {
  expect(jobLink('us-east-1', 'nightly-1')).toBe('https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/'
    + '$252Faws$252Fsagemaker$252FInferenceRecommendationsJobs$3FlogStreamNameFilter$3Dnightly-1$252F');
  expect(jobLink('us-iso-west-1', 'nightly-1')).toBeUndefined();
});

test.each([jobLink('us-east-1', 'nightly-1')!, jobLink('cn-north-1', 'nightly-1')!, consoleLink('us-gov-west-1', 'sagemaker', '/endpoints/shop')!])('%s is a page of a console', (address) => {
  expect(isConsoleLink(address)).toBe(true);
});

test.each([
  'https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1&X-Amz-Signature=abc#/endpoints/shop',
  'https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/endpoints?token=abc',
  'https://us-east-1.console.aws.amazon.com.example.com/sagemaker/home?region=us-east-1',
  'https://us-east-1.console.amazonaws.cn/sagemaker/home?region=us-east-1',
  'https://bucket.s3.amazonaws.com/home?region=us-east-1',
])('%s may have a secret', (address) => {
  expect(isConsoleLink(address)).toBe(false);
});
