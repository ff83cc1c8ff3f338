import { IRule, IRuleTarget, RuleTargetConfig, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** One of the runtime's functions as what a rule invokes. `aws-events-targets` has one, too, and loads half of the CDK with it. */
export class FunctionTarget implements IRuleTarget {
  constructor(private readonly functionArn: string, private readonly input: RuleTargetInput) {}

  public bind(rule: IRule): RuleTargetConfig {
    new CfnPermission(rule as unknown as Construct, 'Invoke', {
      action: 'lambda:InvokeFunction', functionName: this.functionArn, principal: 'events.amazonaws.com', sourceArn: rule.ruleArn,
    });
    return { arn: this.functionArn, input: this.input };
  }
}
