import { IRule, IRuleTarget, OnEventOptions, Rule, RuleTargetConfig, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../contract/events';

/** A rule for this library's own events of a scope's stack. The rule itself may be in another stack. */
export function eventRule(scope: Construct, id: string, detailType: string, detail: Record<string, string[]>, options: OnEventOptions): Rule {
  const { target, eventPattern, crossStackScope, ...rest } = options;
  const rule = new Rule(crossStackScope ?? scope, id, {
    ...rest,
    targets: target && [target],
    eventPattern: { source: [EVENT_SOURCE], detailType: [detailType], detail: { StackId: [Stack.of(scope).stackId], ...detail } },
  });
  rule.addEventPattern(eventPattern);
  return rule;
}

/** A rule's target that invokes one of the runtime's functions. The module `aws-events-targets` has one, too, but it loads half of the CDK. */
export class FunctionTarget implements IRuleTarget {
  constructor(private readonly functionArn: string, private readonly input: RuleTargetInput) {}

  public bind(rule: IRule): RuleTargetConfig {
    new CfnPermission(rule as unknown as Construct, 'Invoke', {
      action: 'lambda:InvokeFunction', functionName: this.functionArn, principal: 'events.amazonaws.com', sourceArn: rule.ruleArn,
    });
    return { arn: this.functionArn, input: this.input };
  }
}

/** A rule's target that starts an execution of one of the runtime's machines. */
export class MachineTarget implements IRuleTarget {
  constructor(private readonly machineArn: string, private readonly role: IRole, private readonly input: RuleTargetInput) {}

  public bind(): RuleTargetConfig {
    return { arn: this.machineArn, role: this.role, input: this.input };
  }
}
