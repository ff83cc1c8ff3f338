import {
  AddToPrincipalPolicyResult, ArnPrincipal, CfnPolicy, CfnRole, Grant, IManagedPolicy, IPrincipal, IRole, Policy, PolicyDocument, PolicyStatement,
  PrincipalPolicyFragment, Role, ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Resource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { grantStatements, renderStatements } from './statements';

export interface ServiceRoleProps {
  readonly description: string;
  /** Which service takes the role, without its domain. */
  readonly service: 'lambda' | 'sagemaker' | 'states';
  readonly managedPolicies?: IManagedPolicy[];
  readonly inlinePolicies?: Record<string, PolicyDocument>;
}

/** A role that this library makes for a service. */
export function serviceRole(scope: Construct, id: string, props: ServiceRoleProps): IRole {
  // What `Role.customizeRoles()` puts in place of roles, it puts in place of the CDK's own class.
  return scope.node.tryGetContext(CUSTOMIZED) === undefined ? new ServiceRole(scope, id, props) : new Role(scope, id, {
    ...props, assumedBy: new ServicePrincipal(domainOf(props.service)),
  });
}

/** Allows what is known when the role is made, in a policy of its own. */
export function permit(role: IRole, id: string, statements: readonly PolicyStatement[]): void {
  if (!(role instanceof ServiceRole)) {
    grantStatements(role, statements);
    return;
  }
  new CfnPolicy(role, id, { policyName: id, policyDocument: documentOf(renderStatements(statements)), roles: [role.roleName] });
}

/**
 * Two of the CDK's own roles a job make the synth of a stack of jobs a quarter longer (BENCHMARKS.md): they merge and measure what they are granted at each
 * look at it. What these are granted is known when they are made.
 */
class ServiceRole extends Resource implements IRole {
  public readonly roleArn: string;
  public readonly roleName: string;
  public readonly grantPrincipal: IPrincipal = this;
  public readonly assumeRoleAction = 'sts:AssumeRole';
  private readonly resource: CfnRole;
  private readonly document = new PolicyDocument();
  private policy?: CfnPolicy;

  constructor(scope: Construct, id: string, { description, service, managedPolicies, inlinePolicies }: ServiceRoleProps) {
    super(scope, id);
    this.resource = new CfnRole(this, 'Resource', {
      description,
      assumeRolePolicyDocument: documentOf([{ Action: this.assumeRoleAction, Effect: 'Allow', Principal: { Service: domainOf(service) } }]),
      managedPolicyArns: managedPolicies?.map(({ managedPolicyArn }) => managedPolicyArn),
      policies: inlinePolicies && Object.entries(inlinePolicies).map(([policyName, policyDocument]) => ({ policyName, policyDocument })),
    });
    this.roleArn = this.resource.attrArn;
    this.roleName = this.resource.ref;
  }

  public get principalAccount(): string {
    return this.env.account;
  }

  public get policyFragment(): PrincipalPolicyFragment {
    return new ArnPrincipal(this.roleArn).policyFragment;
  }

  public get roleRef(): IRole['roleRef'] {
    return { roleArn: this.roleArn, roleName: this.roleName };
  }

  public addToPolicy(statement: PolicyStatement): boolean {
    return this.addToPrincipalPolicy(statement).statementAdded;
  }

  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    const id = 'DefaultPolicy';
    this.policy ??= new CfnPolicy(this, id, { policyName: id, policyDocument: this.document, roles: [this.roleName] });
    this.document.addStatements(statement);
    return { statementAdded: true, policyDependable: this.policy };
  }

  public addManagedPolicy({ managedPolicyArn }: IManagedPolicy): void {
    this.resource.managedPolicyArns = [...new Set([...this.resource.managedPolicyArns ?? [], managedPolicyArn])];
  }

  public attachInlinePolicy(policy: Policy): void {
    policy.attachToRole(this);
  }

  public grant(grantee: IPrincipal, ...actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.roleArn] });
  }

  public grantPassRole(grantee: IPrincipal): Grant {
    return this.grant(grantee, 'iam:PassRole');
  }

  public grantAssumeRole(grantee: IPrincipal): Grant {
    return this.grant(grantee, this.assumeRoleAction);
  }
}

/** The key under which `Role.customizeRoles()` keeps its options. */
const CUSTOMIZED = '@aws-cdk/iam:customizeRoles';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html */
function documentOf(Statement: object[]): object {
  return { Version: '2012-10-17', Statement };
}

function domainOf(service: string): string {
  return `${service}.amazonaws.com`;
}
