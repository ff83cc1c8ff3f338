import { Operations } from '../kernel';
import { changeSetOperations } from './operations/change-sets';
import { readingOperations } from './operations/reading';
import { stackOperations } from './operations/stacks';
import { providers } from './providers';
import { Stacks } from './stacks';

export type { Stack, StackEvent, Resource } from './stack';

/** CloudFormation of an account in a Region. */
export class CloudFormation extends Stacks {
  public readonly operations: Operations = { ...stackOperations(this), ...changeSetOperations(this), ...readingOperations(this) };
  public readonly providerOf = providers(this);
}
