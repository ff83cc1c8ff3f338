import { DescribeModelCommand, DescribeModelCommandOutput, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { JobView, JobViewer, moment, viewOf } from './job';
import { withoutSecretValues } from './secret-values';
import { deploymentRecommendations, modelJobOf } from '../../../lambda/jobs/deployment-recommendations/results';
import { isNotFound } from '../../../lambda/runtime/errors';

const KEY = { reader: deploymentRecommendations, noun: 'model' };

/** Shows what SageMaker recommends with a model, without a job: in its order, without figures, and free. */
export const instantViewer: JobViewer = {
  ...KEY,
  arnResource: 'model',

  async described(sagemaker: SageMakerClient, name): Promise<DescribeModelCommandOutput | undefined> {
    try {
      return await sagemaker.send(new DescribeModelCommand({ ModelName: name }));
    } catch (error) {
      if (isNotFound(error)) { return undefined; }
      throw error;
    }
  },

  jobOf: modelJobOf,
  viewOf: async (found) => viewOfModel(found),

  isRecorded: ({ ModelName, ModelArn }) => ModelName !== undefined && ModelArn !== undefined,
  recorded: (answer) => viewOfModel({ ...answer, CreationTime: moment(answer.CreationTime) } as DescribeModelCommandOutput),
};

function viewOfModel(found: DescribeModelCommandOutput): JobView {
  const { recommendations, ...job } = modelJobOf(found);
  const { PrimaryContainer, Containers = PrimaryContainer ? [PrimaryContainer] : [], ExecutionRoleArn } = found;
  const own: Readonly<Record<string, string>> = Object.assign({}, ...Containers.map(({ Environment }) => Environment));
  return viewOf(KEY, job, {
    title: 'instant recommendation',
    mayTakeHours: false,
    roleArn: ExecutionRoleArn,
    isFree: true,
    details: ['without a benchmark'],
    // Of an environment, only what is recommended besides the container's own: that may hold secrets.
    recommendations: recommendations.map((one) => withoutSecretValues({
      ...one, environment: Object.fromEntries(Object.entries(one.environment).filter(([name, value]) => own[name] !== value)),
    })),
    request: {},
  });
}
