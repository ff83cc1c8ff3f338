import { resources as applicationAutoScaling } from '../application-autoscaling/resources';
import { resources as cloudwatch } from '../cloudwatch/resources';
import { resources as events } from '../events/resources';
import { resources as iam } from '../iam/resources';
import { ResourceProviders } from '../kernel';
import { Lambda } from '../lambda';
import { resources as lambda } from '../lambda/resources';
import { resources as logs } from '../logs/resources';
import { resources as s3 } from '../s3/resources';
import { resources as sagemaker } from '../sagemaker/resources';
import { resources as ssm } from '../ssm/resources';
import { resources as stepFunctions } from '../step-functions/resources';
import { NESTED_STACK } from './engine/steps';
import { nestedStacks } from './nested-stacks';
import { opaque, orOpaque, withoutFunction } from './opaque';
import { isCustom } from './scope';
import { ProviderOf } from './stack';
import { Stacks } from './stacks';

/** Types that would do nothing as opaque resources. On AWS they make the stack wait, or change it. */
const REFUSED = ['AWS::CloudFormation::WaitCondition', 'AWS::CloudFormation::Macro', 'AWS::CloudFormation::StackSet'];

/** The provider of a resource: the room that models its type, or an opaque one. */
export function providers(room: Stacks): ProviderOf {
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
    // It does nothing on AWS, either: nothing of it is missing.
    'AWS::CDK::Metadata': { ...opaque },
  };
  return ({ type, properties }) => {
    if (REFUSED.includes(type)) { throw new Error(`${type} is not part of the local AWS`); }
    if (isCustom(type)) { return room.region.room(Lambda).runs(properties.ServiceToken) ? room.customResources.provider : withoutFunction; }
    return Object.hasOwn(known, type) ? orOpaque(type, known[type]) : opaque;
  };
}
