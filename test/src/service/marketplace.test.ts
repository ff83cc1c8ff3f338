import { isMarketplaceArn } from '../../../src/service/marketplace';

test.each<[string, boolean]>([
  ['arn:aws:sagemaker:us-east-1:865070037744:model-package/hf-textgeneration-gpt2-cpu-b73b575105d336b680d151277ebe4ee0', true],
  ['arn:aws:sagemaker:eu-west-3:843114510376:model-package/cohere-embed-light-v3-7-6d520aa0ebe93f0b8a9d4f3e2b3d2b5a', true],
  ['arn:aws:sagemaker:us-east-1:865070037744:algorithm/cohere-command-r-v2-byoft', false],
  ['arn:aws:sagemaker:us-east-1:111111111111:model-package/865070037744/1', false],
  ['arn:aws:sagemaker:us-east-1:111111111111:model-package/models/1', false],
  ['${Token[TOKEN.12]}', false],
  ['', false],
])('%s', (arn, expected) => {
  expect(isMarketplaceArn(arn)).toBe(expected);
});
