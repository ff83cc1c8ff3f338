import { AwsError } from '../errors';
import { Call, Operations } from '../world';
import { invalid } from './guard';

export interface ModelPackageGroup {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly created: Date;
  /** The last version given out: a deleted one's number is not used again. */
  lastVersion: number;
}

/** A group by its name or ARN; refused if there is none. */
export function findGroup(nameOrArn: string, call: Call): ModelPackageGroup {
  const { groups } = call.region.sagemaker.state;
  const arn = nameOrArn.startsWith('arn:') ? nameOrArn : groupArn(nameOrArn, call);
  const group = groups.get(arn.split('/')[1]);
  if (group?.arn !== arn) { throw invalid(`ModelPackageGroup ${arn} does not exist.`); }
  return group;
}

export const modelPackageGroupOperations: Operations = {
  CreateModelPackageGroup({ ModelPackageGroupName: name, ModelPackageGroupDescription: description, Tags }, call) {
    const { groups, tags } = call.region.sagemaker.state;
    const arn = groupArn(name, call);
    if (groups.has(name)) { throw invalid(`Model Package Group already exists: ${arn}`); }
    groups.set(name, { name, arn, description, created: new Date(call.region.clock.now()), lastVersion: 0 });
    tags.set(arn, Tags ?? []);
    return { ModelPackageGroupArn: arn };
  },

  DescribeModelPackageGroup({ ModelPackageGroupName }, call) {
    const { name, arn, description, created } = findGroup(ModelPackageGroupName, call);
    return {
      ModelPackageGroupName: name,
      ModelPackageGroupArn: arn,
      ModelPackageGroupDescription: description,
      CreationTime: created,
      CreatedBy: {},
      ModelPackageGroupStatus: 'Completed',
    };
  },

  DeleteModelPackageGroup({ ModelPackageGroupName }, call) {
    const { groups, packages, tags } = call.region.sagemaker.state;
    const { name, arn } = findGroup(ModelPackageGroupName, call);
    if ([...packages.values()].some(({ group }) => group === name)) {
      throw new AwsError('ConflictException', `Model Package Group ${arn} cannot be deleted: it still contains Model Packages.`);
    }
    groups.delete(name);
    tags.delete(arn);
  },
};

function groupArn(name: string, { region }: Call): string {
  return region.arn('sagemaker', `model-package-group/${name}`);
}
