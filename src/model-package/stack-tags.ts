import { AspectPriority, Aspects, Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { warn } from '../common/warn';

/**
 * Warns of a version of a group in a stack with tags: CloudFormation puts these on every resource that takes tags, and SageMaker refuses them on a version.
 * Sources: https://github.com/aws/aws-cdk/issues/33699,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 */
export function warnOfStackTags(version: IConstruct): void {
  // Read-only aspects come after those that tag.
  Aspects.of(version).add({
    visit: (node) => {
      if (node !== version) { return; }
      const keys = tagKeys(Stack.of(version));
      if (keys.length === 0) { return; }
      warn(version, 'stackTags', `The stack has tags (${keys.join(', ')}): CloudFormation puts them on this version of a model package, too, and SageMaker refuses tags`
        + ' on a version. Keep them off the stack: in place of its `tags`, use `Tags.of(scope).add(key, value, { excludeResourceTypes: [\'aws:cdk:stack\'] })`, or set'
        + ' the context `@aws-cdk/core:explicitStackTags`. Or put the version into a stack without tags. `cdk deploy --tags` does the same as `tags`.');
    },
  }, { priority: AspectPriority.READONLY });
}

/** The keys of the tags that a stack is deployed with. A nested stack gets those of its parent. */
function tagKeys(stack: Stack): string[] {
  const parents = stack.nestedStackParent ? tagKeys(stack.nestedStackParent) : [];
  return [...new Set([...parents, ...Object.keys(stack.tags.tagValues())])];
}
