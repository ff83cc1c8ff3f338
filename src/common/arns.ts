import { Fn, Token } from 'aws-cdk-lib/core';
import type { IModelPackageGroup } from '../model-package/model-package-group';

export const JOB = 'inference-recommendations-job';

/** Of this stack's own account and Region. */
export function sagemakerArn(resource: string, name: string): string {
  return arn('sagemaker', `${resource}/`, name);
}

/** What keeping parameters below a path takes. */
export const KEEP_PARAMETERS = ['ssm:GetParametersByPath', 'ssm:PutParameter', 'ssm:DeleteParameters'];

/** Of a parameter whose name begins with a slash. */
export function parameterArn(name: string): string {
  return arn('ssm', 'parameter', name);
}

/** As one Fn::Sub: templates with hundreds of such ARNs are smaller, and resolved in half the time, than with a Fn::Join of each pseudo parameter. */
export function arn(service: string, resource: string, name: string): string {
  const body = `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
  return Token.isUnresolved(name) ? Fn.sub(`${body}\${Name}`, { Name: name }) : Fn.sub(`${body}${name}`);
}

/** All versions of a group. From the group's own ARN: the service has been seen to write names there in lower case. */
export function versionsArn(group: IModelPackageGroup): string {
  // The same string for the same group: a policy then has it once, however many packages name it.
  const known = VERSIONS.get(group);
  if (known) { return known; }
  const [head, name] = [0, 1].map((index) => Fn.select(index, Fn.split(':model-package-group/', group.modelPackageGroupArn)));
  const versions = `${head}:model-package/${name}/*`;
  VERSIONS.set(group, versions);
  return versions;
}

const VERSIONS = new WeakMap<IModelPackageGroup, string>();
