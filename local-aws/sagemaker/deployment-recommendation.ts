import { digest } from './benchmarks';
import { acceleratorsOf } from './generative/gpus';
import { InstantRun } from './generative/script';
import { layoutOf } from './generative/token-performance';
import { weightsGb } from './generative/weights';
import { modelDataOf } from './inputs';
import { instanceModel } from './instance-types';
import { Model, SageMakerState } from './state';
import { imageFacts } from '../../src/service/image-facts';
import { Call } from '../kernel';

/** The page says that a call after a few seconds finds the recommendation: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentRecommendation.html */
const IN_PROGRESS_MS = 10_000;
const MOST = 3;

/** Images of which something is known, by their repositories. */
const FRAMEWORK = /(xgboost|scikit-learn|sklearn|pytorch|tensorflow|mxnet|huggingface|autogluon|djl|vllm|sglang|lmi|tgi|tei|triton)/i;
const FOR_TOKENS = /(djl|vllm|sglang|lmi|tgi)/i;

/** By what an image is for: types of small sizes. Which ones the service recommends is not documented. */
const TYPES = {
  arm: ['ml.c7g.xlarge', 'ml.m6g.large', 'ml.c6g.xlarge'],
  cpu: ['ml.c5.xlarge', 'ml.m5.xlarge', 'ml.c6i.xlarge'],
  gpu: ['ml.g4dn.xlarge', 'ml.g6.xlarge', 'ml.g5.xlarge'],
  neuron: ['ml.inf1.xlarge'],
  neuronx: ['ml.inf2.xlarge', 'ml.trn1.2xlarge'],
};
const FOR_LARGE = ['ml.g6.xlarge', 'ml.g5.xlarge', 'ml.g6e.xlarge', 'ml.g5.12xlarge', 'ml.g6.12xlarge', 'ml.g6e.12xlarge', 'ml.p4d.24xlarge', 'ml.p5.48xlarge'];
const ONE_REQUEST = {
  inputTokens: 1024, inputStddev: 0, outputTokens: 1024, outputStddev: 0, concurrency: 1, requests: 1, streaming: true, secrets: [], spec: {},
};

/**
 * What the service recommends with a model. It is in progress for a few seconds. It is not applicable to several containers, to a container of many models, and to an
 * image of which nothing is known: these rules are ours, as the page says only that the information does not suffice then.
 *
 * @param containers the model's, with what their packages say
 */
export function deploymentRecommendation({ name, created }: Model, containers: readonly any[], { region }: Call): Record<string, any> {
  if (region.clock.now() < created.getTime() + IN_PROGRESS_MS) { return { RecommendationStatus: 'IN_PROGRESS' }; }
  const found = usual(containers, (uri) => weightsGb(uri, region));
  const { status, recommendations = [] } = region.room(SageMakerState).generative.instant(containers, found);
  return {
    RecommendationStatus: status,
    ...status === 'COMPLETED' && {
      RealTimeInferenceRecommendations: recommendations.slice(0, MOST).map(({ instanceType, environment }) => (
        { RecommendationId: `${name}/${digest(`${name}/${instanceType}`).slice(0, 8)}`, InstanceType: instanceType, Environment: environment }
      )),
    },
  };
}

function usual(containers: readonly any[], sizeOf: (uri: string) => number): InstantRun {
  const [container, ...others] = containers;
  const words = `${container.Framework ?? ''} ${(container.Image ?? '').split('/').slice(1).join('/')}`;
  if (others.length > 0 || container.Mode === 'MultiModel' || !FRAMEWORK.test(words)) { return { status: 'NOT_APPLICABLE' }; }
  if (FOR_TOKENS.test(words)) {
    const size = sizeOf(modelDataOf(container)[0] ?? container.Environment?.HF_MODEL_ID ?? container.Image);
    const fitting = FOR_LARGE.flatMap((instanceType) => {
      const layout = layoutOf(size, acceleratorsOf(instanceType), ONE_REQUEST);
      return layout ? [{ instanceType, ...layout.tensorParallel > 1 && { environment: { OPTION_TENSOR_PARALLEL_DEGREE: `${layout.tensorParallel}` } } }] : [];
    });
    const cheapest = [...fitting].sort((a, b) => instanceModel(a.instanceType).pricePerHour - instanceModel(b.instanceType).pricePerHour);
    return fitting.length > 0 ? { status: 'COMPLETED', recommendations: cheapest.slice(0, MOST) } : { status: 'FAILED' };
  }
  const { architecture, accelerator = 'cpu' } = imageFacts(container.Image ?? '');
  return { status: 'COMPLETED', recommendations: TYPES[architecture === 'arm64' ? 'arm' : accelerator].map((instanceType) => ({ instanceType })) };
}
