import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AddTagsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { accountReader, ListServiceQuotas } from '../../lambda/runtime/account';
import { StartExecution, stepFunctionsExecutions } from '../../lambda/runtime/executions';

/** What stands in for the network: the request it gets, the answer it gives. */
export interface Network {
  handle(request: { hostname: string; headers: Record<string, string> }): Promise<{ response: unknown }>;
}

const accountOf = (requestHandler: Network) => accountReader(new SageMakerClient({ requestHandler } as object).config);

/** One call of each service that a function may ask, for a bundle of all of them. */
export const CALLS: Readonly<Record<string, (network: Network) => Promise<unknown>>> = {
  'sagemaker': (requestHandler) => new SageMakerClient({ requestHandler } as object).send(new AddTagsCommand({ ResourceArn: 'arn', Tags: [] })),
  'states': (requestHandler) => stepFunctionsExecutions(new SageMakerClient({ requestHandler } as object).config)
    .send(new StartExecution({ stateMachineArn: 'arn', name: 'name', input: '{}' })),
  'servicequotas': (requestHandler) => accountOf(requestHandler).send(new ListServiceQuotas({ ServiceCode: 'sagemaker', MaxResults: 100 })),
  'ssm': (requestHandler) => new SSMClient({ requestHandler } as object).send(new PutParameterCommand({ Name: 'name', Value: 'value' })),
  'application-autoscaling': (requestHandler) => new ApplicationAutoScalingClient({ requestHandler } as object)
    .send(new RegisterScalableTargetCommand({ ResourceId: 'id', ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount' })),
  'events': (requestHandler) => new EventBridgeClient({ requestHandler } as object).send(new PutEventsCommand({ Entries: [] })),
  'sts': (requestHandler) => new STSClient({ requestHandler } as object).send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111111111111:role/r', RoleSessionName: 's' })),
};
