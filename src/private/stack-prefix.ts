import { Aws, Fn } from 'aws-cdk-lib/core';

/** What `stackPrefix()` makes of a stack's id, in the template: the same at each deploy, another for each stack. */
export function stackPrefixToken(): string {
  const guid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.select(0, Fn.split('-', guid));
}
