import accounts from './image-accounts.json';
import type { ImageHardware } from './instance-facts';

/** What the address of an image says. A part that is a token, or that the address leaves open, is undefined. */
export interface ImageFacts extends ImageHardware {
  /** Whether the image is in Amazon ECR. Undefined if the address is a token. */
  readonly isInEcr?: boolean;
  readonly account?: string;
  readonly region?: string;
  /** Whether the account is one of AWS's own registries. */
  readonly isOfAws?: boolean;
}

/** The domain differs in each partition, and there are endpoints for FIPS and for dual stack. Source: https://docs.aws.amazon.com/general/latest/gr/ecr.html */
const ECR = /^(\d{12}|\$\{[^}]+\})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+|\$\{[^}]+\})\.[^/]+\/(.+)$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/**
 * AWS's containers of frameworks, whose tags say for which hardware they are. Without a word for Arm they are for x86.
 * Source: https://aws.github.io/deep-learning-containers/reference/available_images/, and the image_uri_config of the SageMaker Python SDK.
 */
const FRAMEWORK = /^(?:(?:autogluon|djl|mxnet|pytorch|tensorflow|huggingface-[a-z]+(?:-tgi)?|stabilityai-pytorch)-inference|sagemaker-(?:neo|inference|mxnet|pytorch|tensorflow|scikit-learn)|huggingface-(?:vllm|sglang|llamacpp)|vllm|sglang|tei)(?=-|$)/;

/** Words of a repository's name or a tag, between its separators. */
const ARM = /^(?:graviton|arm64|arm64v8|aarch64)$/;
const X86 = /^(?:amd64|x86|x64)$/;
const GPU = /^(?:gpu|cuda|cu\d{2,3})$/;
const NEURONX = /^(?:neuronx|inf2|trn\d+)$/;
/** In the name of anybody else's image, `inf` may be short for inference. */
const NEURON = /^(?:neuron|inf1?)$/;

/** What the address of an image says. Tokens in it are of the form `${…}`. */
export function imageFacts(uri: string): ImageFacts {
  const ecr = ECR.exec(uri);
  const [account, region] = [ecr?.[1], ecr?.[2]];
  return {
    ...hardwareIn(ecr ? ecr[3] : uri),
    isInEcr: ecr ? true : uri.startsWith('${') ? undefined : false,
    account: account?.startsWith('$') ? undefined : account,
    region: region !== undefined && REGION.test(region) ? region : undefined,
    isOfAws: account === undefined || account.startsWith('$') ? undefined : accounts.accounts.includes(account),
  };
}

function hardwareIn(path: string): ImageHardware {
  const [name, tag = ''] = path.replace(/@.*$/, '').split('/').at(-1)!.split(':');
  const words = `${name}-${tag}`.toLowerCase().replace(/x86[_-]64/g, 'x86').split(/[-_.]/);
  const has = (word: RegExp) => words.some((one) => word.test(one));
  const isFramework = FRAMEWORK.test(name.toLowerCase());
  const accelerator = has(NEURONX) ? 'neuronx' : isFramework && has(NEURON) ? 'neuron' : isFramework && has(GPU) ? 'gpu' : isFramework && has(/^cpu$/) ? 'cpu' : undefined;
  if (has(ARM)) { return { architecture: 'arm64', accelerator }; }
  return { architecture: has(X86) || (isFramework && accelerator !== undefined) ? 'x86_64' : undefined, accelerator };
}

/** The hardware of a platform as Docker writes it, such as `linux/arm64`. */
export function hardwareOfPlatform(platform: string): ImageHardware {
  const architecture = platform.split('/')[1];
  return { architecture: architecture === 'amd64' ? 'x86_64' : architecture?.startsWith('arm64') ? 'arm64' : undefined };
}
