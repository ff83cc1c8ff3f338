import { changeSetOperations } from './operations/change-sets';
import { readingOperations } from './operations/reading';
import { stackOperations } from './operations/stacks';
import { providers } from './providers';
import { OPERATIONS, SHAPES } from './shapes';
import { Stacks } from './stacks';
import { guarded, Operations, Region } from '../kernel';
import { sdkServices } from '../step-functions';

export { OPAQUE } from './opaque';
export type { Stack, StackEvent, Resource } from './stack';

/** CloudFormation of an account in a Region. */
export class CloudFormation extends Stacks {
  public readonly operations: Operations = guarded(
    'cloudformation', { ...stackOperations(this), ...changeSetOperations(this), ...readingOperations(this) }, OPERATIONS, SHAPES,
  );
  public readonly providerOf = providers(this);

  constructor(region: Region, holdAnswersMs?: number) {
    super(region, holdAnswersMs);
    sdkServices(region).set('cloudformation', {
      title: 'CloudFormation',
      // State machines of people may look at stacks. What they change is left to the clients that the local AWS is tested with.
      has: (operation) => operation.startsWith('Describe') && Object.hasOwn(this.operations, operation),
      call: async (operation, parameters, call) => this.operations[operation](parameters, call),
      // What these operations refuse is in no list of their errors.
      names: () => false,
    });
  }
}
