import { NESTED_STACK } from './engine/steps';
import { nestedStacks } from './nested-stacks';
import { opaque, orOpaque } from './opaque';
import { isCustom } from './scope';
import { Stacks } from './stacks';
import { resources as applicationAutoScaling } from '../application-autoscaling/resources';
import { resources as cloudwatch } from '../cloudwatch/resources';
import { resources as events } from '../events/resources';
import { resources as iam } from '../iam/resources';
import { ResourceProvider, ResourceProviders } from '../kernel';
import { resources as lambda } from '../lambda/resources';
import { resources as logs } from '../logs/resources';
import { resources as s3 } from '../s3/resources';
import { resources as sagemaker } from '../sagemaker/resources';
import { resources as ssm } from '../ssm/resources';
import { resources as stepFunctions } from '../step-functions/resources';

/** Types that would do nothing as opaque resources. On AWS they make the stack wait, or change it. */
const REFUSED = ['AWS::CloudFormation::WaitCondition', 'AWS::CloudFormation::Macro', 'AWS::CloudFormation::StackSet'];

/** It does nothing on AWS, either: nothing of it is missing. */
const metadata: ResourceProvider = {
  create: async ({ generatedName }) => ({ physicalId: generatedName(128), attributes: {} }),
  update: async ({ physicalId }) => ({ physicalId, attributes: {} }),
  delete: async () => {},
};

/** The provider of a type: the room that models it, or the opaque one. */
export function providers(room: Stacks): (type: string) => ResourceProvider {
  const known: ResourceProviders = {
    ...applicationAutoScaling,
    ...cloudwatch,
    ...events,
    ...iam,
    ...lambda,
    ...logs,
    ...s3,
    ...sagemaker,
    ...ssm,
    ...stepFunctions,
    [NESTED_STACK]: nestedStacks(room),
    'AWS::CDK::Metadata': metadata,
  };
  return (type) => {
    if (REFUSED.includes(type)) { throw new Error(`${type} is not part of the local AWS`); }
    if (isCustom(type)) { return room.customResources.provider; }
    return Object.hasOwn(known, type) ? orOpaque(type, known[type]) : opaque;
  };
}
