import {
  AddToPrincipalPolicyResult, IGrantable, IPrincipal, IRole, ManagedPolicy, PolicyDocument, PolicyStatement, PrincipalBase,
  PrincipalPolicyFragment, Role, ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Construct, DependencyGroup, IConstruct } from 'constructs';
import { arn } from './names';

/**
 * Every action that this library allows on `*`, because the action has no resource-level permission, with its reason. No other action may have `*`.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const WITHOUT_RESOURCE = {
  'sagemaker:ListInferenceRecommendationsJobs': 'finds jobs of a construct whose response was lost, to stop them; it stops only jobs that have the stack\'s tags',
  'sagemaker:ListInferenceRecommendationsJobSteps': 'names the benchmarks that failed',
  'sagemaker:ListAIRecommendationJobs': 'polls a job without its description, and finds jobs of a construct whose response was lost, to stop them',
  'sagemaker:ListAIBenchmarkJobs': 'finds jobs of a construct whose response was lost, to stop them; it stops only jobs that have the stack\'s tags',
  'sagemaker:ListModelPackages': 'finds the newest approved version of a group; the other actions on it are limited by the group\'s ARN',
  'servicequotas:ListServiceQuotas': 'names the quotas that a job would exceed, before it starts; only if that check is on',
  'servicequotas:GetServiceQuota': 'the service looks at the quotas of instances with the role of a job that recommends for a generative model, before it begins',
  'ecr:GetAuthorizationToken': 'is required before each pull; the actions of the pull itself are limited to the image\'s repository',
  'cloudwatch:PutMetricData': 'lets endpoints write their metrics, and a function those of recommendations; a condition limits it to SageMaker\'s namespaces, or to the library\'s',
  'cloudwatch:DescribeAlarms': 'Application Auto Scaling reads the alarms of a policy with its caller\'s permissions, and the function finds those that name an old policy',
  'application-autoscaling:DescribeScalableTargets': 'reads what others have suspended on a variant, before its deregistration deletes it',
  'application-autoscaling:DescribeScalingPolicies': 'reads the policies that others have put on a variant, before its deregistration deletes them',
  'application-autoscaling:DescribeScheduledActions': 'reads the actions that others have scheduled on a variant, before its deregistration deletes them',
  'logs:CreateLogDelivery': 'delivers the state machine\'s logs, only if they are switched on',
  'logs:GetLogDelivery': 'delivers the state machine\'s logs, only if they are switched on',
  'logs:UpdateLogDelivery': 'delivers the state machine\'s logs, only if they are switched on',
  'logs:DeleteLogDelivery': 'delivers the state machine\'s logs, only if they are switched on',
  'logs:ListLogDeliveries': 'delivers the state machine\'s logs, only if they are switched on',
  'logs:PutResourcePolicy': 'lets the delivery write to the log group; Step Functions calls it with the state machine\'s role',
  'logs:DescribeResourcePolicies': 'lets the delivery write to the log group; Step Functions calls it with the state machine\'s role',
  'logs:DescribeLogGroups': 'lets the delivery write to the log group; Step Functions calls it with the state machine\'s role',
  'xray:PutTraceSegments': 'traces the state machine, only if tracing is switched on',
  'xray:PutTelemetryRecords': 'traces the state machine, only if tracing is switched on',
  'xray:GetSamplingRules': 'traces the state machine, only if tracing is switched on',
  'xray:GetSamplingTargets': 'traces the state machine, only if tracing is switched on',
  'ec2:DescribeVpcEndpoints': 'reads the network in which endpoints get their interfaces',
  'ec2:DescribeDhcpOptions': 'reads the network in which endpoints get their interfaces',
  'ec2:DescribeVpcs': 'reads the network in which endpoints get their interfaces',
  'ec2:DescribeSubnets': 'reads the network in which endpoints, or functions in a VPC, get their interfaces',
  'ec2:DescribeSecurityGroups': 'reads the network in which endpoints get their interfaces',
  'ec2:DescribeNetworkInterfaces': 'reads the network in which endpoints, or functions in a VPC, get their interfaces',
} as const;

/** Actions and resource of a statement, for actions of the list above. Other actions do not compile. */
export function onAnyResource(...actions: Array<keyof typeof WITHOUT_RESOURCE>): { actions: string[]; resources: string[] } {
  return { actions, resources: ['*'] };
}

/** A role that this library creates for a service. */
export function serviceRole(
  scope: Construct, id: string, service: 'lambda' | 'sagemaker' | 'states' | 'events', description: string,
  policies: { readonly managed?: ManagedPolicy; readonly inline?: Record<string, PolicyDocument> } = {},
): Role {
  return ours(new Role(scope, id, {
    description,
    assumedBy: new ServicePrincipal(`${service}.amazonaws.com`),
    managedPolicies: policies.managed && [policies.managed],
    inlinePolicies: policies.inline,
  }));
}

const OURS = new WeakSet<IConstruct>();

/** Enters a role or policy as one that this library makes. */
export function ours<T extends IConstruct>(made: T): T {
  OURS.add(made);
  return made;
}

/** Whether this library makes a construct, or what it is in: a role, a policy, or a policy of such a role. */
export function isOurs(construct: IConstruct): boolean {
  return construct.node.scopes.some((scope) => OURS.has(scope));
}

/** Grants statements that are the same for each principal, so that they are created only once. */
export function grantStatements({ grantPrincipal }: IGrantable, statements: readonly PolicyStatement[]): void {
  statements.forEach((statement) => grantPrincipal.addToPrincipalPolicy(statement));
}

/** Collects the statements that `grant` would give to a role, without changing the role. */
export function statementsFor(role: IRole, grant: (grantee: IPrincipal) => void): PolicyStatement[] {
  const collector = new StatementCollector(role);
  grant(collector);
  return collector.statements;
}

/** Collects statements instead of a role. Policies that name it get the role's principal. */
class StatementCollector extends PrincipalBase {
  public readonly statements: PolicyStatement[] = [];
  /** Without it, a grant on a resource that has a policy would also change that policy. */
  public readonly principalAccount: string | undefined;

  constructor(private readonly role: IRole) {
    super();
    this.principalAccount = role.principalAccount;
  }

  public get policyFragment(): PrincipalPolicyFragment {
    return this.role.policyFragment;
  }

  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.statements.push(statement);
    return { statementAdded: true, policyDependable: new DependencyGroup() };
  }

  public dedupeString(): string | undefined {
    return undefined;
  }
}

/** The condition of each PassRole: SageMaker gets the role, and no other service. */
export const PASSED_TO_SAGEMAKER = { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } };

/** Permissions to write logs and metrics in SageMaker's own namespaces. */
export const TELEMETRY: readonly PolicyStatement[] = [
  // Reason: containers write their logs, which the service keeps below this name.
  new PolicyStatement({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [arn('logs', 'log-group:', '/aws/sagemaker/*')],
  }),
  // Reason: the service writes the metrics of endpoints. Only in its own namespaces.
  new PolicyStatement({
    ...onAnyResource('cloudwatch:PutMetricData'),
    conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
  }),
];
