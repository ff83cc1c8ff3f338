import { IRole } from 'aws-cdk-lib/aws-iam';
import { IEndpointConfigRef, IEndpointRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import type { Variant } from './variant';
import { Facts } from '../common/facts';

/** What a model of this library tells at synth. */
export interface ModelFacts {
  /** The role that its containers run with. */
  readonly role: IRole;
  /** The same, if this library made it. */
  readonly ownRole?: IRole;
  readonly isIsolated: boolean;
  readonly isInVpc: boolean;
  /** How many containers there are, as far as that is known. */
  readonly containerCount: number;
}

export const modelFacts = new Facts<IModelRef, ModelFacts>();

/** What an endpoint configuration of this library tells at synth. */
export interface ConfigFacts {
  /** The production variants. */
  readonly variants: readonly Variant[];
  readonly isAsynchronous: boolean;
  /** The roles of its containers that this library made: what the endpoint needs is added to these, and to no others. */
  readonly ownRoles: readonly IRole[];
}

export const configFacts = new Facts<IEndpointConfigRef, ConfigFacts>();

/** The configurations that endpoints of this library run. */
export const runningConfigs = new Facts<IEndpointRef, IEndpointConfigRef>();
