import { checkRole, Events, inputOf, TargetKind } from '../events';
import { guarded, Operations, Region } from '../kernel';
import { executionOperations } from './executions';
import { machineOperations } from './machines';
import { OPERATIONS, SHAPES } from './shapes';
import { StepFunctionsState } from './state';

export type { Execution, HistoryEvent, Machine } from './execution';

/** Step Functions of an account in a Region. Its machines are targets of EventBridge. */
export class StepFunctions extends StepFunctionsState {
  public readonly operations: Operations = guarded('states', { ...machineOperations, ...executionOperations }, OPERATIONS, SHAPES);

  constructor(region: Region) {
    super(region);
    region.room(Events).targetKinds.set('states', this.target);
  }

  private get target(): TargetKind {
    return {
      resource: /^stateMachine:[^:]+$/,
      needsRole: true,
      deliver: ({ region, target, event, rule }) => {
        const request = { stateMachineArn: target.Arn, input: JSON.stringify(inputOf(target, event, rule)) };
        return this.operations.StartExecution(request, checkRole(region, target.RoleArn, 'states', 'StartExecution', request));
      },
    };
  }
}
