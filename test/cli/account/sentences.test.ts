import { SageMakerClient, ListModelsCommand } from '@aws-sdk/client-sagemaker';
import { sentenceOf } from '../../../cli/src/account/sentences';

test('a service that cannot be reached is one sentence with a remedy', async () => {
  // Nothing listens on the first port.
  const client = new SageMakerClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 });
  const error = await client.send(new ListModelsCommand({})).catch((thrown) => thrown);
  expect(sentenceOf(error, 'watch').message).toMatch(/^AWS cannot be reached: .*ECONNREFUSED.*\. Look at the network, and at AWS_ENDPOINT_URL if it is set$/);
});

test.each<[string, string, string]>([
  ['ExpiredTokenException', 'The security token included in the request is expired.', 'AWS does not take the credentials: The security token included in the request is expired. Sign in again'],
  ['AccessDeniedException', 'User is not authorized.', 'AWS denies a call: User is not authorized. inference-recommender watch --policy prints'],
  ['ThrottlingException', 'Rate exceeded', 'Rate exceeded'],
])('%s', (name, message, said) => {
  expect(sentenceOf(Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } }), 'watch').message).toContain(said);
});
