import { isSameName, ModelPackageGroup, SageMakerState } from './state';
import { AwsError, Call, invalid, listing, Operations } from '../kernel';

/** A group by its name or ARN; an error if there is none. */
export function findGroup(nameOrArn: string, call: Call): ModelPackageGroup {
  const { groups } = call.region.room(SageMakerState);
  const arn = nameOrArn.startsWith('arn:') ? nameOrArn : groupArn(nameOrArn, call);
  const group = groups.get(arn.split('/')[1]);
  if (!group || !isSameName(group.arn, arn)) { throw invalid(`ModelPackageGroup ${arn} does not exist.`); }
  return group;
}

export const modelPackageGroupOperations: Operations = {
  CreateModelPackageGroup({ ModelPackageGroupName: name, ModelPackageGroupDescription: description, Tags }, call) {
    const { groups, tags } = call.region.room(SageMakerState);
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

  // API_ListModelPackageGroups: groups of other accounts are shared by AWS RAM, which is not part of the local AWS.
  ListModelPackageGroups({ CrossAccountFilterOption = 'SameAccount', ...input }, call) {
    const own = CrossAccountFilterOption === 'SameAccount' ? [...call.region.room(SageMakerState).groups.values()] : [];
    return listing('ModelPackageGroupSummaryList', own.map(({ name, arn, description, created }) => ({
      name,
      created,
      modified: created,
      summary: {
        ModelPackageGroupName: name,
        ModelPackageGroupArn: arn,
        ModelPackageGroupDescription: description,
        CreationTime: created,
        ModelPackageGroupStatus: 'Completed',
      },
    })), input);
  },

  DeleteModelPackageGroup({ ModelPackageGroupName }, call) {
    const { groups, packages, tags } = call.region.room(SageMakerState);
    const { name, arn } = findGroup(ModelPackageGroupName, call);
    if ([...packages.values()].some(({ group }) => group === name)) {
      throw new AwsError('ConflictException', `Model Package Group ${arn} cannot be deleted: it still contains Model Packages.`);
    }
    groups.delete(name);
    tags.delete(arn);
  },

  PutModelPackageGroupPolicy({ ModelPackageGroupName, ResourcePolicy }, call) {
    const group = findGroup(ModelPackageGroupName, call);
    checkPolicy(ResourcePolicy, [group.arn, call.region.arn('sagemaker', `model-package/${group.name}/`)]);
    group.policy = ResourcePolicy;
    return { ModelPackageGroupArn: group.arn };
  },

  GetModelPackageGroupPolicy({ ModelPackageGroupName }, call) {
    return { ResourcePolicy: policyOf(findGroup(ModelPackageGroupName, call)) };
  },

  DeleteModelPackageGroupPolicy({ ModelPackageGroupName }, call) {
    const group = findGroup(ModelPackageGroupName, call);
    policyOf(group);
    delete group.policy;
  },
};

function policyOf({ arn, policy }: ModelPackageGroup): string {
  if (policy === undefined) { throw invalid(`Cannot find resource policy of ${arn}.`); }
  return policy;
}

/** A resource policy must name its principals, and may cover only its group and the group's versions, in any case. */
function checkPolicy(text: string, [group, versions]: string[]): void {
  let document: any;
  try { document = JSON.parse(text); } catch { throw invalid('ResourcePolicy is not valid JSON.'); }
  const statements: any[] = [document?.Statement ?? []].flat();
  if (statements.length === 0) { throw invalid('ResourcePolicy must have a statement.'); }
  for (const { Effect, Principal, Action, Resource } of statements) {
    if (!['Allow', 'Deny'].includes(Effect) || !Principal || !Action || !Resource) {
      throw invalid('Each statement of ResourcePolicy must have Effect, Principal, Action and Resource.');
    }
    const strange = [Resource].flat().map(String)
      .find((resource) => !isSameName(resource, group) && !isSameName(resource.slice(0, versions.length), versions));
    if (strange !== undefined) { throw invalid(`ResourcePolicy must be about ${group} and its versions, not about ${strange}.`); }
  }
}

function groupArn(name: string, { region }: Call): string {
  return region.arn('sagemaker', `model-package-group/${name}`);
}
