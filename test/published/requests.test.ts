import { propsOf } from './props';
import { published } from './requests.json';
import { SAGEMAKER_SHAPES } from '../../local-aws/sagemaker/shapes';
import { InferenceRecommendationsJob } from '../../src';
import { coerce, violations } from '../../src/service/constraints';
import { deployed, newStack, only } from '../harness/constructs';
import { ROLE_ARN } from '../harness/stage';

const REQUEST = 'CreateInferenceRecommendationsJobRequest';

/** What the library adds to each request: the description is the construct's path, and the service needs a role. */
const OWN = ['JobDescription', 'RoleArn'];

/** The request that a job of these props sends, as CloudFormation delivers it and the start function coerces it. */
function rendered(request: object): Record<string, unknown> {
  const stack = newStack();
  new InferenceRecommendationsJob(stack, 'Job', propsOf(stack, request));
  const { Properties } = only(deployed(stack), 'Custom::InferenceRecommendationsJob');
  return coerce(SAGEMAKER_SHAPES, REQUEST, Properties.Request);
}

test('there are enough of them, and each names its source', () => {
  expect(new Set(published.map(({ request }) => JSON.stringify(request))).size).toBeGreaterThanOrEqual(25);
  expect(new Set(published.map(({ source }) => source)).size).toBe(published.length);
});

/** What the library's rules refuse, though AWS's own pages have it. Whoever mends a rule deletes the source here: a test that no longer fails is red. */
const REFUSED = [
  'Amazon SageMaker Developer Guide: load test of 2023, by Python',
  'aws/amazon-sagemaker-examples: sagemaker-huggingface-tgi-hosting-examples.ipynb',
  'aws/amazon-sagemaker-examples: sagemaker-huggingface-tgi-hosting-examples.ipynb, on four GPUs',
];
const isRefused = ({ source }: { source: string }) => REFUSED.includes(source);

test('what is refused is listed by its source', () => {
  expect(published.filter(isRefused).map(({ source }) => source)).toEqual(REFUSED);
});

test.each(published.filter((one) => !isRefused(one)))('$source: what is rendered is what is published', ({ request }) => isAsPublished(request));
test.failing.each(published.filter(isRefused))('$source: what is rendered is what is published', ({ request }) => isAsPublished(request));

function isAsPublished(request: object): void {
  expect(violations(SAGEMAKER_SHAPES, REQUEST, { ...request, JobName: 'published', RoleArn: ROLE_ARN })).toEqual([]);
  const found = rendered(request);
  OWN.forEach((member) => delete found[member]);
  expect(found).toEqual(request);
}

// A converter that loses a member would make both sides equal.
test('a member that no prop is made of is an error', () => {
  const [{ request }] = published;
  expect(() => rendered({ ...request, InputConfig: { ...request.InputConfig, ModelKind: 'new' } })).toThrow('request.InputConfig has ModelKind, which no prop is made of.');
  expect(() => rendered({ ...request, Priority: 1 })).toThrow('request has Priority');
});
