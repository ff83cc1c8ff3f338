import { IRole } from 'aws-cdk-lib/aws-iam';
import { IEndpointConfigRef, IEndpointRef, IInferenceComponentRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import type { Variant } from './variant';
import { Facts } from '../common/facts';
import type { IRecommendation } from '../recommendation/recommendation-interface';

/** Facts of a model of this library, for other constructs at synth. */
export interface ModelFacts {
  /** The recommendation that it is made from. */
  readonly recommendation?: IRecommendation;
  /** The role of its containers. */
  readonly role: IRole;
  /** The same role, if this library created it. */
  readonly ownRole?: IRole;
  readonly isIsolated: boolean;
  readonly isInVpc: boolean;
  /** Number of containers: at least 1, and 1 if it is unknown. */
  readonly containerCount: number;
}

export const modelFacts = new Facts<IModelRef, ModelFacts>();

/** Facts of an endpoint configuration of this library, for other constructs at synth. */
export interface ConfigFacts {
  /** The production variants. */
  readonly variants: readonly Variant[];
  readonly isAsynchronous: boolean;
  /** The roles of its containers that this library created: only these get the permissions that the endpoint needs. */
  readonly ownRoles: readonly IRole[];
  /** The role of inference components, if this library created it. */
  readonly componentRole?: IRole;
}

export const configFacts = new Facts<IEndpointConfigRef, ConfigFacts>();

/** The configurations that endpoints of this library run. */
export const runningConfigs = new Facts<IEndpointRef, IEndpointConfigRef>();

/** Facts of an inference component of this library: its name, if the app gives one. */
export const componentFacts = new Facts<IInferenceComponentRef, { readonly givenName?: string }>();
