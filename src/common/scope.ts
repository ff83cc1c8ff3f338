import { Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { stackPrefixToken, topOf } from './names';
import { digest, Reuse, STACK_DIGITS } from '../contract/job-name';
import type { ScopeProperties } from '../contract/start';

/** How the jobs of a construct are found, and by whom. */
export function scopeProperties(scope: Construct, reuse: Reuse): ScopeProperties {
  const stack = Stack.of(scope);
  const top = topOf(stack);
  const nested = stack.node.path.slice(top.node.path.length);
  return {
    StackKey: digest(top.stackName + nested, STACK_DIGITS),
    Namespace: reuse === 'stack' ? digest(`stack ${top.stackName}`, STACK_DIGITS) : reuse === 'account' ? digest('account', STACK_DIGITS) : stackPrefixToken(),
    Reuse: reuse,
    ScopeName: stack === top ? Aws.STACK_NAME : top.stackName,
    MadeFor: reuse === 'account' ? top.stackName : undefined,
  };
}
