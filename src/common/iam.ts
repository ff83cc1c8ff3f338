import {
  AddToPrincipalPolicyResult, IGrantable, IPrincipal, IRole, ManagedPolicy, Policy, PolicyDocument, PolicyStatement, PrincipalBase, PrincipalPolicyFragment, Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Construct, DependencyGroup } from 'constructs';
import { arn } from './names';

/**
 * Every action that this library allows on `*`, because it has no resource-level permission, and what for. Nothing else may be allowed so.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const WITHOUT_RESOURCE = {
  'sagemaker:ListInferenceRecommendationsJobs': 'finds jobs of a construct whose answer was lost, to stop them; what is not tagged as the stack\'s is left alone',
  'sagemaker:ListInferenceRecommendationsJobSteps': 'names the benchmarks that failed',
  'sagemaker:ListModelPackages': 'finds the newest approved version of a group; what may be done with it is decided by the group\'s ARN',
  'ecr:GetAuthorizationToken': 'comes before every pull; which image may be pulled is decided by the pull\'s own actions',
  'cloudwatch:PutMetricData': 'endpoints measure themselves; limited by its condition to SageMaker\'s namespaces',
  'cloudwatch:DescribeAlarms': 'Application Auto Scaling looks at a policy\'s alarms in its caller\'s name',
  'logs:CreateLogDelivery': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:GetLogDelivery': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:UpdateLogDelivery': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:DeleteLogDelivery': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:ListLogDeliveries': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:PutResourcePolicy': 'lets the delivery write to the log group; Step Functions looks and writes in the machine\'s name',
  'logs:DescribeResourcePolicies': 'lets the delivery write to the log group; Step Functions looks and writes in the machine\'s name',
  'logs:DescribeLogGroups': 'lets the delivery write to the log group; Step Functions looks and writes in the machine\'s name',
  'xray:PutTraceSegments': 'traces the state machine, only where it is asked for',
  'xray:PutTelemetryRecords': 'traces the state machine, only where it is asked for',
  'xray:GetSamplingRules': 'traces the state machine, only where it is asked for',
  'xray:GetSamplingTargets': 'traces the state machine, only where it is asked for',
  'ec2:DescribeVpcEndpoints': 'looks at the network that endpoints are put into',
  'ec2:DescribeDhcpOptions': 'looks at the network that endpoints are put into',
  'ec2:DescribeVpcs': 'looks at the network that endpoints are put into',
  'ec2:DescribeSubnets': 'looks at the network that endpoints are put into',
  'ec2:DescribeSecurityGroups': 'looks at the network that endpoints are put into',
  'ec2:DescribeNetworkInterfaces': 'looks at the network that endpoints are put into',
} as const;

/** A statement's actions and resource, for actions of the list above. Another action does not compile. */
export function onAnyResource(...actions: Array<keyof typeof WITHOUT_RESOURCE>): { actions: string[]; resources: string[] } {
  return { actions, resources: ['*'] };
}

/** A role that this library makes for a service. */
export function serviceRole(
  scope: Construct, id: string, service: 'lambda' | 'sagemaker' | 'states', description: string,
  policies: { readonly managed?: ManagedPolicy; readonly inline?: Record<string, PolicyDocument> } = {},
): Role {
  return new Role(scope, id, {
    description,
    assumedBy: new ServicePrincipal(`${service}.amazonaws.com`),
    managedPolicies: policies.managed && [policies.managed],
    inlinePolicies: policies.inline,
  });
}

/** Grants what is the same for whoever it is granted to. Such statements are made once. */
export function grantStatements({ grantPrincipal }: IGrantable, statements: readonly PolicyStatement[]): void {
  statements.forEach((statement) => grantPrincipal.addToPrincipalPolicy(statement));
}

/** What is granted to a role, without giving it the grants. */
export function statementsFor(role: IRole, grant: (grantee: IPrincipal) => void): PolicyStatement[] {
  const collector = new StatementCollector(role);
  grant(collector);
  return collector.statements;
}

/** Takes statements in a role's place, as the role for whatever names it. */
class StatementCollector extends PrincipalBase {
  public readonly statements: PolicyStatement[] = [];
  /** Without it, a grant of a resource with a policy of its own would change that policy, too. */
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

/** Allows what is known when the role is made, in a policy of its own. */
export function permit(role: IRole, id: string, statements: readonly PolicyStatement[]): void {
  // As a document: statements would come after a role that the app brings has been told of the policy, and would miss in its report.
  new Policy(role, id, { roles: [role], document: new PolicyDocument({ statements: [...statements] }) });
}

/** Logs and metrics of SageMaker's own namespaces. */
export const TELEMETRY: readonly PolicyStatement[] = [
  new PolicyStatement({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [arn('logs', 'log-group:', '/aws/sagemaker/*')],
  }),
  new PolicyStatement({
    ...onAnyResource('cloudwatch:PutMetricData'),
    conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
  }),
];
