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

test.each(published)('$source: what is rendered is what is published', ({ request }) => {
  expect(violations(SAGEMAKER_SHAPES, REQUEST, { ...request, JobName: 'published', RoleArn: ROLE_ARN })).toEqual([]);
  const found = rendered(request);
  OWN.forEach((member) => delete found[member]);
  expect(found).toEqual(request);
});

// A converter that loses a member would make both sides equal.
test('a member that no prop is made of is an error', () => {
  const [{ request }] = published;
  expect(() => rendered({ ...request, InputConfig: { ...request.InputConfig, ModelKind: 'new' } })).toThrow('request.InputConfig has ModelKind, which no prop is made of.');
  expect(() => rendered({ ...request, Priority: 1 })).toThrow('request has Priority');
});
