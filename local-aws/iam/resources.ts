import { Iam } from './index';
import { AwsError, ResourceProviders, ResourceRequest } from '../kernel';

/** The resource types of IAM. */
export const resources: ResourceProviders = {
  'AWS::IAM::Role': {
    create: async (request) => {
      const { region, properties } = request;
      const iam = region.room(Iam);
      const { name } = iam.createRole(properties.RoleName ?? request.generatedName(64), properties.AssumeRolePolicyDocument, properties);
      try {
        return settle(iam, name, properties, {});
      } catch (error) {
        remove(iam, name, properties);
        throw error;
      }
    },
    update: async ({ region, physicalId, properties, oldProperties }) => {
      const iam = region.room(Iam);
      iam.describe(physicalId, properties);
      iam.setTrust(physicalId, properties.AssumeRolePolicyDocument);
      return settle(iam, physicalId, properties, oldProperties);
    },
    delete: async ({ region, physicalId, properties }) => remove(region.room(Iam), physicalId, properties),
  },

  'AWS::IAM::Policy': {
    create: async (request) => {
      try {
        return put(request, request.generatedName(128), []);
      } catch (error) {
        rolesOf(request.properties).forEach((role) => request.region.room(Iam).deleteRolePolicy(role, request.properties.PolicyName));
        throw error;
      }
    },
    update: async (request) => put(request, request.physicalId, rolesOf(request.oldProperties), request.oldProperties.PolicyName),
    delete: async ({ region, properties }) => rolesOf(properties).forEach((role) => region.room(Iam).deleteRolePolicy(role, properties.PolicyName)),
  },

  'AWS::IAM::ManagedPolicy': {
    create: async (request) => {
      const { region, properties } = request;
      const name = properties.ManagedPolicyName ?? request.generatedName(128);
      const arn = `arn:${region.partition}:iam::${region.account}:policy${properties.Path ?? '/'}${name}`;
      if (region.room(Iam).hasManagedPolicy(arn)) { throw new AwsError('EntityAlreadyExists', `A policy called ${name} already exists.`, 409); }
      try {
        return putManaged(request, arn, []);
      } catch (error) {
        dropManaged(request, arn);
        throw error;
      }
    },
    update: async (request) => putManaged(request, request.physicalId, rolesOf(request.oldProperties)),
    delete: async (request) => dropManaged(request, request.physicalId),
  },
};

function settle(iam: Iam, name: string, properties: any, old: any) {
  const policies = (of: any): any[] => of.Policies ?? [];
  policies(properties).forEach(({ PolicyName, PolicyDocument }) => iam.putRolePolicy(name, PolicyName, PolicyDocument));
  policies(old).filter(({ PolicyName }) => !policies(properties).some((policy) => policy.PolicyName === PolicyName))
    .forEach(({ PolicyName }) => iam.deleteRolePolicy(name, PolicyName));
  const managed = (of: any): string[] => of.ManagedPolicyArns ?? [];
  managed(properties).forEach((arn) => iam.attach(name, arn));
  managed(old).filter((arn) => !managed(properties).includes(arn)).forEach((arn) => iam.detach(name, arn));
  iam.setBoundary(name, properties.PermissionsBoundary);
  const { arn, roleId } = iam.named(name);
  return { physicalId: name, attributes: { Arn: arn, RoleId: roleId } };
}

function remove(iam: Iam, name: string, properties: any): void {
  (properties.Policies ?? []).forEach(({ PolicyName }: any) => iam.deleteRolePolicy(name, PolicyName));
  (properties.ManagedPolicyArns ?? []).forEach((arn: string) => iam.detach(name, arn));
  iam.deleteRole(name);
}

function put({ region, properties }: ResourceRequest, physicalId: string, before: string[], oldName?: string) {
  const iam = region.room(Iam);
  const roles = rolesOf(properties);
  roles.forEach((role) => iam.putRolePolicy(role, properties.PolicyName, properties.PolicyDocument));
  before.filter((role) => !roles.includes(role) || oldName !== properties.PolicyName).forEach((role) => iam.deleteRolePolicy(role, oldName!));
  return { physicalId, attributes: { Id: physicalId } };
}

function putManaged({ region, properties }: ResourceRequest, arn: string, before: string[]) {
  const iam = region.room(Iam);
  iam.putManagedPolicy(arn, properties.PolicyDocument);
  const roles = rolesOf(properties);
  roles.forEach((role) => iam.attach(role, arn));
  before.filter((role) => !roles.includes(role)).forEach((role) => iam.detach(role, arn));
  return { physicalId: arn, attributes: { PolicyArn: arn } };
}

function dropManaged({ region, properties }: ResourceRequest, arn: string): void {
  const iam = region.room(Iam);
  rolesOf(properties).forEach((role) => iam.detach(role, arn));
  iam.deleteManagedPolicy(arn);
}

function rolesOf({ Roles = [], Users = [], Groups = [] }: any): string[] {
  if (Users.length > 0 || Groups.length > 0) { throw new AwsError('ValidationError', 'Users and groups are not part of the local AWS'); }
  return Roles;
}
