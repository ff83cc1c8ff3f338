import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../contract/events';

/** A rule for this library's own events of a scope's stack, wherever the rule itself stands. */
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
