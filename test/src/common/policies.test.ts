import { App, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as fc from 'fast-check';
import { decide } from '../../../local-aws/iam/policy';
import { permit, RolePolicies } from '../../../src/common/policies';
import { deployed, idOf, idsOf, newStack, ofType, policiesOf, Resources } from '../../harness/constructs';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const bucketArn = (n: number, length = 80) => `arn:aws:s3:::bucket-${n}-`.padEnd(length, 'x');
const read = (...resources: string[]) => new PolicyStatement({ actions: ['s3:GetObject'], resources });

function withRole(stack = newStack()) {
  const policies = new RolePolicies(stack);
  const role = new Role(stack, 'Role', { assumedBy: LAMBDA, inlinePolicies: { Policy: policies.inline } });
  policies.attachTo(role);
  policies.add(new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: ['arn:aws:logs:us-east-1:111111111111:log-group:l:*'] }));
  return { stack, role, policies };
}

/** As IAM counts: the inline policies together, and each managed one. */
function sizesOf(resources: Resources, start = 'Role'): { inline: number; managed: number[] } {
  const role = idOf(resources, start);
  const size = ({ PolicyDocument: document }: any) => JSON.stringify(document).length;
  const isOn = ({ Properties }: any) => Properties.Roles?.includes(role);
  const attached = ofType(resources, 'AWS::IAM::Policy').filter(isOn);
  const inline = [...resources[role].Properties.Policies ?? [], ...attached.map(({ Properties }) => Properties)];
  return {
    inline: inline.reduce((sum: number, policy: any) => sum + size(policy), 0),
    managed: ofType(resources, 'AWS::IAM::ManagedPolicy').map(({ Properties }) => size(Properties)),
  };
}

/** All documents of the role, with the managed policies that name it. */
function documentsOf(resources: Resources) {
  return [...policiesOf(resources, idOf(resources, 'Role')), ...ofType(resources, 'AWS::IAM::ManagedPolicy').map(({ Properties }) => Properties.PolicyDocument)];
}

test('whatever is added fits, and is allowed, and nothing else is', () => {
  const added = fc.record({ action: fc.constantFrom('s3:GetObject', 's3:PutObject', 'kms:Decrypt'), length: fc.integer({ min: 40, max: 200 }), isOfOne: fc.boolean() });
  fc.assert(fc.property(fc.array(added, { minLength: 1, maxLength: 250 }), (all) => {
    const { stack, policies } = withRole();
    const arns = all.map(({ length }, n) => bucketArn(n, length));
    all.forEach(({ action, isOfOne }, n) => {
      const statement = new PolicyStatement({ actions: [action], resources: [arns[n]] });
      if (isOfOne) { policies.addPolicy(stack, `Policy${n}`, [statement]); } else { policies.add(statement); }
    });
    const resources = deployed(stack);
    const { inline, managed } = sizesOf(resources);
    expect(inline).toBeLessThanOrEqual(10_240);
    expect(managed.filter((size) => size > 6_144)).toEqual([]);
    const documents = documentsOf(resources);
    const may = (action: string, arn: string) => decide(documents, action, arn, {}) === 'Allow';
    expect(all.filter(({ action }, n) => !may(action, arns[n]))).toEqual([]);
    expect(all.filter(({ action }, n) => may(action === 'kms:Decrypt' ? 's3:GetObject' : 'kms:Decrypt', arns[n]))).toEqual([]);
  }), { seed: 1, numRuns: 20 });
});

test('what is allowed where one of several values must be in the request is one statement in a shared policy', () => {
  const { stack, policies } = withRole();
  const value = (n: number) => `arn:aws:autoscaling:us-east-1:111111111111:scalingPolicy:*:resource/sagemaker/endpoint/shop-${n}/*`;
  const COUNT = 150;
  for (let n = 0; n < COUNT; n++) {
    policies.addPolicy(stack, `Policy${n}`, [new PolicyStatement({
      actions: ['cloudwatch:PutMetricAlarm'], resources: ['*'], conditions: { 'ForAnyValue:StringLike': { 'cloudwatch:AlarmActions': n % 2 ? value(n) : [value(n)] } },
    })]);
  }
  const resources = deployed(stack);
  const { managed } = sizesOf(resources);
  expect([managed.length, managed.filter((size) => size > 6_144)]).toEqual([3, []]);
  const documents = documentsOf(resources);
  const may = (n: number) => decide(documents, 'cloudwatch:PutMetricAlarm', 'any', { 'cloudwatch:AlarmActions': [value(n).replace('*', 'id')] }) === 'Allow';
  expect([...Array(COUNT).keys()].filter((n) => !may(n))).toEqual([]);
  expect([may(COUNT), decide(documents, 'cloudwatch:PutMetricAlarm', 'any', {})]).toEqual([false, undefined]);
});

test('the role waits for its managed policies: what waits for the role has all permissions', () => {
  const { stack, policies } = withRole();
  for (let n = 0; n < 150; n++) { policies.add(read(bucketArn(n))); }
  const resources = deployed(stack);
  const made = idsOf(resources, 'AWS::IAM::ManagedPolicy');
  expect(made.length).toBeGreaterThan(0);
  expect(resources[idOf(resources, 'Role')].Properties.ManagedPolicyArns).toEqual(made);
  expect(made.filter((id) => resources[id].Properties.Roles)).toEqual([]);
});

test('a resource is named once, however often it is added, and with its condition', () => {
  const { stack, policies } = withRole();
  const conditions = { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } };
  for (let n = 0; n < 300; n++) {
    policies.add(read(bucketArn(1)));
    policies.add(new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucketArn(1)], conditions }));
  }
  expect(documentsOf(deployed(stack))).toEqual([{
    Version: '2012-10-17',
    Statement: [
      expect.objectContaining({ Action: 'logs:PutLogEvents' }),
      { Effect: 'Allow', Action: 's3:GetObject', Resource: bucketArn(1) },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: bucketArn(1), Condition: conditions },
    ],
  }]);
});

describe('a policy for other resources', () => {
  const full = () => {
    const made = withRole();
    for (let n = 0; n < 14; n++) { made.policies.addPolicy(made.stack, `Full${n}`, [read(bucketArn(n, 100))]); }
    return made;
  };

  test('is one of its own while it fits', () => {
    const { stack, policies } = withRole();
    policies.addPolicy(stack, 'Mine', [read(bucketArn(1))]);
    const resources = deployed(stack);
    expect(resources[idOf(resources, 'Mine')]).toMatchObject({ Type: 'AWS::IAM::Policy' });
  });

  test('is part of a managed one beyond, which waits for the role and not the other way round', () => {
    const { stack, policies } = full();
    const shared = [1, 2].map((n) => policies.addPolicy(stack, `Mine${n}`, [read(bucketArn(1000 + n))]));
    expect(shared[0] === shared[1]).toBe(true);
    const resources = deployed(stack);
    const [id] = idsOf(resources, 'AWS::IAM::ManagedPolicy').filter((one) => resources[one].Properties.Roles);
    expect(resources[id].Properties).toMatchObject({
      Roles: [idOf(resources, 'Role')], PolicyDocument: { Statement: [{ Resource: [bucketArn(1001), bucketArn(1002)] }] },
    });
  });

  test('is replaced when it changes: the old one stays until the clean-up, for what is still to be deleted', () => {
    const description = (...numbers: number[]) => {
      const { stack, policies } = full();
      numbers.forEach((n) => policies.addPolicy(stack, `Mine${n}`, [read(bucketArn(1000 + n))]));
      const resources = deployed(stack);
      return ofType(resources, 'AWS::IAM::ManagedPolicy').find(({ Properties }) => Properties.Roles)!.Properties.Description;
    };
    // A change of the description replaces a managed policy.
    // Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
    expect(description(1, 2)).toBe(description(1, 2));
    expect(description(1, 2)).not.toBe(description(1));
  });
});

test('more than ten managed policies are refused at synth, by the role\'s path and with what to do', () => {
  const { stack, policies } = withRole();
  for (let n = 0; n < 900; n++) { policies.add(read(bucketArn(n))); }
  expect(() => (stack.node.root as App).synth())
    .toThrow('Role \'Shop/Role\' needs 12 managed policies, and IAM attaches at most 10: divide the constructs of this stack between several stacks.');
});

test('an update that may need more than ten is a warning', () => {
  const { stack, policies } = withRole();
  for (let n = 0; n < 550; n++) { policies.addPolicy(stack, `Mine${n}`, [read(bucketArn(n))]); }
  const { messages } = (stack.node.root as App).synth().getStackByName(stack.stackName);
  expect(messages.map(({ entry }) => entry.data)).toEqual([expect.stringContaining('needs up to 16 managed policies while an update replaces some')]);
});

test('the role that the app brings gets no managed policies', () => {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  Role.customizeRoles(app, { usePrecreatedRoles: { 'Shop/Role': 'theirs' } });
  const { stack, policies } = withRole(new Stack(app, 'Shop'));
  for (let n = 0; n < 200; n++) { policies.add(read(bucketArn(n))); }
  for (let n = 0; n < 200; n++) { policies.addPolicy(stack, `Mine${n}`, [read(bucketArn(1000 + n))]); }
  expect(ofType(deployed(stack), 'AWS::IAM::ManagedPolicy')).toEqual([]);
});

describe('what is permitted beside what the CDK splits', () => {
  const roleWith = (permitted: number, granted: number) => {
    const stack = newStack();
    const role = new Role(stack, 'Role', { assumedBy: LAMBDA });
    permit(role, 'Permitted', Array.from({ length: permitted }, (_, n) => new PolicyStatement({ actions: [`s3:Get${n}`], resources: [bucketArn(n)] })));
    for (let n = 0; n < granted; n++) { role.addToPrincipalPolicy(read(bucketArn(1000 + n))); }
    return deployed(stack);
  };

  test.each([[5, 0], [5, 20], [30, 0], [30, 90], [5, 100], [100, 0], [120, 400]])('%d statements beside %d grants fit', (permitted, granted) => {
    const resources = roleWith(permitted, granted);
    const { inline, managed } = sizesOf(resources);
    expect(inline).toBeLessThanOrEqual(10_240);
    expect(managed.filter((size) => size > 6_144)).toEqual([]);
    const documents = documentsOf(resources);
    const denied = Array.from({ length: permitted }, (_, n) => n).filter((n) => decide(documents, `s3:Get${n}`, bucketArn(n), {}) !== 'Allow');
    expect(denied).toEqual([]);
  });

  test('is inline where there is room for it twice, because it is replaced', () => {
    const resources = roleWith(5, 20);
    expect(ofType(resources, 'AWS::IAM::ManagedPolicy')).toEqual([]);
    expect(idOf(resources, 'RolePermitted')).toBeDefined();
  });
});

test('a document that is given counts as half of what fits', () => {
  const stack = newStack();
  const document = new PolicyDocument({ statements: Array.from({ length: 20 }, (_, n) => new PolicyStatement({ actions: [`s3:Get${n}`], resources: [bucketArn(n)] })) });
  const role = new Role(stack, 'Role', { assumedBy: LAMBDA, inlinePolicies: { Policy: document } });
  const policies = new RolePolicies(role, document);
  for (let n = 0; n < 200; n++) { policies.add(read(bucketArn(n))); }
  const resources = deployed(stack);
  expect(sizesOf(resources).inline).toBeLessThanOrEqual(10_240);
  expect(role.node.children.filter((child) => child instanceof ManagedPolicy).length).toBeGreaterThan(0);
});
