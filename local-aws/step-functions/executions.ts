import { AwsError, Call, Operations } from '../kernel';
import { Execution } from './execution';
import { interpret } from './interpreter';
import { checkName, findMachine, page } from './machines';
import { StepFunctionsState } from './state';

/** The time after which a name may be used again. */
const NAME_KEPT_MS = 90 * 86_400_000;

export const executionOperations: Operations = {
  StartExecution({ stateMachineArn, name, input = '{}' }, call) {
    const { clock } = call.region;
    const stepFunctions = call.region.room(StepFunctionsState);
    const machine = findMachine(stateMachineArn, call);
    if (machine.deleting) { throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${stateMachineArn}'`); }
    const named = name ?? stepFunctions.madeUpName();
    checkName(named);
    try {
      JSON.parse(input);
    } catch (error) {
      throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(error as Error).message}'`);
    }
    const execution = new Execution(call.region, machine, named, input);
    const old = stepFunctions.executions.get(execution.arn);
    if (old?.status === 'RUNNING' && old.input === input) { return { executionArn: old.arn, startDate: old.startDate }; }
    if (old && clock.now() < (old.stopDate ?? old.startDate).getTime() + NAME_KEPT_MS) {
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${old.arn}'`);
    }
    stepFunctions.executions.delete(execution.arn);
    stepFunctions.executions.set(execution.arn, execution);
    void clock.run(() => execution.run(interpret)).then(() => stepFunctions.executionEnded(machine));
    return { executionArn: execution.arn, startDate: execution.startDate };
  },

  StopExecution({ executionArn, error, cause }, call) {
    const execution = findExecution(executionArn, call);
    execution.abort(error, cause);
    return { stopDate: execution.stopDate };
  },

  DescribeExecution({ executionArn }, call) {
    const { machine, name, status, startDate, stopDate, input, output, error, cause } = findExecution(executionArn, call);
    return {
      executionArn,
      stateMachineArn: machine.arn,
      name,
      status,
      startDate,
      stopDate,
      input,
      output,
      error,
      cause,
      inputDetails: { included: true },
      ...output !== undefined && { outputDetails: { included: true } },
      redriveCount: 0,
    };
  },

  ListExecutions(request, call) {
    const machine = findMachine(request.stateMachineArn, call);
    const found = [...call.region.room(StepFunctionsState).executions.values()]
      .filter((execution) => execution.machine.arn === machine.arn && [undefined, execution.status].includes(request.statusFilter))
      .sort((a, b) => b.startDate.getTime() - a.startDate.getTime());
    return page('executions', found.map(({ arn, name, status, startDate, stopDate }) => (
      { executionArn: arn, stateMachineArn: machine.arn, name, status, startDate, stopDate, redriveCount: 0 }
    )), request);
  },

  GetExecutionHistory(request, call) {
    const events = [...findExecution(request.executionArn, call).history];
    return page('events', request.reverseOrder ? events.reverse() : events, request);
  },
};

function findExecution(arn: string, call: Call): Execution {
  if (!/^arn:[\w-]+:states:[\w-]+:\d{12}:execution:[^:]+:[^:]+$/.test(arn)) { throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`); }
  const execution = call.region.room(StepFunctionsState).executions.get(arn);
  if (!execution) { throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`); }
  return execution;
}
