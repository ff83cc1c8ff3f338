import { Execution, HistoryEvent } from './execution';
import { interpret } from './interpreter';
import { checkName, findMachine, page } from './machines';
import { StepFunctionsState } from './state';
import { AwsError, Call, Operations } from '../kernel';

/** The time after which a name may be used again. */
const NAME_KEPT_MS = 90 * 86_400_000;

export const executionOperations: Operations = {
  StartExecution({ stateMachineArn, name, input = '{}', traceHeader }, call) {
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
    const execution = new Execution(call.region, machine, named, input, traceHeader);
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

  DescribeExecution({ executionArn, includedData = 'ALL_DATA' }, call) {
    const { machine, name, status, startDate, stopDate, input, output, error, cause, traceHeader } = findExecution(executionArn, call);
    const included = includedData === 'ALL_DATA';
    return {
      executionArn,
      stateMachineArn: machine.arn,
      name,
      status,
      startDate,
      stopDate,
      ...included && { input, output },
      error,
      cause,
      inputDetails: { included },
      ...output !== undefined && { outputDetails: { included } },
      traceHeader,
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
    const all = findExecution(request.executionArn, call).history;
    const events = request.includeExecutionData ?? true ? [...all] : all.map(withoutData);
    return page('events', request.reverseOrder ? events.reverse() : events, request);
  },
};

/** The members of an event's details that carry an execution's data. */
const DATA = ['input', 'output', 'parameters'];

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html (includeExecutionData) */
function withoutData(event: HistoryEvent): HistoryEvent {
  const bare = (details: unknown) => (typeof details !== 'object' || details === null || details instanceof Date ? details
    : Object.fromEntries(Object.entries(details).filter(([name]) => !DATA.includes(name))));
  return Object.fromEntries(Object.entries(event).map(([name, details]) => [name, bare(details)])) as HistoryEvent;
}

function findExecution(arn: string, call: Call): Execution {
  if (!/^arn:[\w-]+:states:[\w-]+:\d{12}:execution:[^:]+:[^:]+$/.test(arn)) { throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`); }
  const execution = call.region.room(StepFunctionsState).executions.get(arn);
  if (!execution) { throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`); }
  return execution;
}
