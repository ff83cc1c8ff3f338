import { executionOperations } from './executions';
import { machineOperations } from './machines';
import { SdkService, sdkServices } from './sdk';
import { OPERATIONS, SHAPES } from './shapes';
import { StepFunctionsState } from './state';
import { checkRole, Events, inputOf, TargetKind } from '../events';
import { guarded, Operations, Region } from '../kernel';
import { SageMaker } from '../sagemaker';
import { SAGEMAKER_OPERATIONS } from '../sagemaker/shapes';

export type { SdkService } from './sdk';
export { sdkServices } from './sdk';
export type { Execution, HistoryEvent, Machine } from './execution';

/** Step Functions of an account in a Region. Its machines are targets of EventBridge. */
export class StepFunctions extends StepFunctionsState {
  public readonly operations: Operations = guarded('states', { ...machineOperations, ...executionOperations }, OPERATIONS, SHAPES);

  constructor(region: Region) {
    super(region);
    region.room(Events).targetKinds.set('states', this.target);
    sdkServices(region).set('sagemaker', sageMaker(region));
  }

  private get target(): TargetKind {
    return {
      resource: /^stateMachine:[^:]+$/,
      needsRole: true,
      deliver: ({ region, target, event, rule }) => {
        const request = { stateMachineArn: target.Arn, input: JSON.stringify(inputOf(target, event, rule)) };
        return this.operations.StartExecution(request, checkRole({ region, rule }, target.RoleArn, 'states', 'StartExecution', request));
      },
    };
  }
}

/** Only errors of the service's model have their own names; throttling, denial and validation have none. */
function sageMaker(region: Region): SdkService {
  return {
    title: 'SageMaker',
    has: (operation) => Object.hasOwn(region.room(SageMaker).operations, operation),
    call: (operation, parameters, { principal }) => region.room(SageMaker).call(operation, parameters, principal),
    names: (operation, code) => SAGEMAKER_OPERATIONS[operation]?.errors?.includes(code) ?? false,
  };
}
