import { hardwareOfPlatform, ImageFacts, imageFacts } from '../../../src/service/image-facts';

const DLC = '763104351884.dkr.ecr.us-east-1.amazonaws.com';

test.each<[string, Partial<ImageFacts>]>([
  // Published images of AWS.
  ['pytorch-inference:2.0.1-cpu-py310-ubuntu20.04-sagemaker', { architecture: 'x86_64', accelerator: 'cpu' }],
  ['pytorch-inference:2.0.1-gpu-py310-cu118-ubuntu20.04-sagemaker', { architecture: 'x86_64', accelerator: 'gpu' }],
  ['pytorch-inference-graviton:2.0.1-cpu-py310-ubuntu20.04-sagemaker', { architecture: 'arm64', accelerator: 'cpu' }],
  ['pytorch-inference-arm64:2.6.0-cpu-py312-ubuntu22.04-sagemaker', { architecture: 'arm64', accelerator: 'cpu' }],
  ['tensorflow-inference-graviton:2.9.1-cpu-py38-ubuntu20.04-sagemaker', { architecture: 'arm64' }],
  ['huggingface-pytorch-inference-neuron:1.10.2-transformers4.20.1-neuron-py37-sdk1.19.1-ubuntu18.04', { architecture: 'x86_64', accelerator: 'neuron' }],
  ['huggingface-pytorch-inference-neuronx:2.1.2-transformers4.43.2-neuronx-py310-sdk2.20.0-ubuntu20.04', { architecture: 'x86_64', accelerator: 'neuronx' }],
  ['huggingface-pytorch-tgi-inference:2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04', { accelerator: 'gpu' }],
  ['huggingface-pytorch-tgi-inference:1.13.1-optimum0.0.18-neuronx-py310-ubuntu22.04', { accelerator: 'neuronx' }],
  ['djl-inference:0.27.0-deepspeed0.12.6-cu121', { architecture: 'x86_64', accelerator: 'gpu' }],
  ['djl-inference:0.27.0-neuronx-sdk2.18.1', { accelerator: 'neuronx' }],
  ['sagemaker-neo-pytorch:1.8-inf-py3', { architecture: 'x86_64', accelerator: 'neuron' }],
  ['sagemaker-inference-pytorch:1.8-cpu-py3', { architecture: 'x86_64', accelerator: 'cpu' }],
  ['sagemaker-scikit-learn:1.2-1-cpu-py3', { architecture: 'x86_64', accelerator: 'cpu' }],
  ['sagemaker-scikit-learn:1.0-1-arm64-cpu-py3', { architecture: 'arm64', accelerator: 'cpu' }],
  ['sagemaker-xgboost:1.5-1-arm64', { architecture: 'arm64' }],
  ['sagemaker-xgboost:1.7-1', { architecture: undefined, accelerator: undefined }],
  // Anybody's own: `cpu` or `inf` in a name may mean anything.
  ['fraud-cpu:latest', { architecture: undefined, accelerator: undefined }],
  ['team/model-inf:v1', { accelerator: undefined }],
  ['team/scorer:1.0-linux-amd64', { architecture: 'x86_64' }],
  ['team/scorer:1.0-x86_64', { architecture: 'x86_64' }],
  ['team/scorer:1.0_aarch64@sha256:0123', { architecture: 'arm64' }],
])('%s', (path, expected) => {
  expect(imageFacts(`${DLC}/${path}`)).toMatchObject({ ...expected, isInEcr: true, account: '763104351884', region: 'us-east-1', isOfAws: true });
});

test.each<[string, Partial<ImageFacts>]>([
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/scorer:1', { isInEcr: true, account: '123456789012', region: 'eu-west-1', isOfAws: false }],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/scorer', { isInEcr: true, region: 'us-gov-west-1' }],
  ['123456789012.dkr-ecr.us-east-1.on.aws/scorer', { isInEcr: true, region: 'us-east-1' }],
  ['727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-inference:1.8-cpu-py3', { region: 'cn-north-1', isOfAws: true }],
  ['${Token[AWS.AccountId.1]}.dkr.ecr.${Token[AWS.Region.2]}.${Token[AWS.URLSuffix.3]}/scorer:arm64', { isInEcr: true, account: undefined, region: undefined, isOfAws: undefined, architecture: 'arm64' }],
  ['public.ecr.aws/docker/library/python:3', { isInEcr: false, account: undefined, region: undefined }],
  ['${Token[TOKEN.7]}', { isInEcr: undefined, architecture: undefined }],
])('the registry of %s', (uri, expected) => {
  expect(imageFacts(uri)).toMatchObject(expected);
});

test('a platform as Docker writes it', () => {
  expect(['linux/arm64', 'linux/arm64/v8', 'linux/amd64', 'linux/386', 'linux'].map((platform) => hardwareOfPlatform(platform).architecture))
    .toEqual(['arm64', 'arm64', 'x86_64', undefined, undefined]);
});
