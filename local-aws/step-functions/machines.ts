import { AwsError, Call, Operations } from '../kernel';
import { parseDefinition } from './definition';
import { Machine } from './execution';
import { StepFunctionsState } from './state';

export const machineOperations: Operations = {
  CreateStateMachine({ name, definition, roleArn, type = 'STANDARD' }, call) {
    const { machines } = call.region.room(StepFunctionsState);
    checkName(name);
    if (type !== 'STANDARD') { throw new AwsError('StateMachineTypeNotSupported', `State machines of type ${type} are not part of the local AWS`); }
    if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn)) { throw new AwsError('InvalidArn', `Invalid Arn: '${roleArn}'`); }
    parseDefinition(definition, call.region);
    const arn = call.region.arn('states', `stateMachine:${name}`);
    const old = machines.get(arn);
    if (old?.deleting) { throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`); }
    if (old && (old.definition !== definition || old.roleArn !== roleArn)) {
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const machine = old ?? { arn, name, created: new Date(call.region.clock.now()), definition, roleArn, revision: 1 };
    machines.set(arn, machine);
    return { stateMachineArn: arn, creationDate: machine.created };
  },

  UpdateStateMachine({ stateMachineArn, definition, roleArn }, call) {
    const machine = findMachine(stateMachineArn, call);
    if (definition !== undefined) { parseDefinition(definition, call.region); }
    machine.definition = definition ?? machine.definition;
    machine.roleArn = roleArn ?? machine.roleArn;
    machine.revision++;
    return { updateDate: new Date(call.region.clock.now()), revisionId: revisionOf(machine) };
  },

  DescribeStateMachine({ stateMachineArn }, call) {
    const machine = findMachine(stateMachineArn, call);
    const { arn, name, created, definition, roleArn, deleting } = machine;
    return {
      stateMachineArn: arn,
      name,
      status: deleting ? 'DELETING' : 'ACTIVE',
      definition,
      roleArn,
      type: 'STANDARD',
      creationDate: created,
      revisionId: revisionOf(machine),
    };
  },

  // API_DeleteStateMachine: the machine is gone after its executions, and these end at their next transition.
  DeleteStateMachine({ stateMachineArn }, call) {
    const { machines, executions } = call.region.room(StepFunctionsState);
    const machine = machines.get(stateMachineArn);
    if (!machine) { return {}; }
    machine.deleting = true;
    if (![...executions.values()].some((execution) => execution.machine === machine && execution.status === 'RUNNING')) {
      machines.delete(stateMachineArn);
    }
    return {};
  },

  ListStateMachines(input, call) {
    return page('stateMachines', [...call.region.room(StepFunctionsState).machines.values()].map(({ arn, name, created }) => (
      { stateMachineArn: arn, name, type: 'STANDARD', creationDate: created }
    )), input);
  },
};

/** A machine by its ARN; an error if there is none. */
export function findMachine(arn: string, call: Call): Machine {
  if (!/^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[^:]+$/.test(arn)) { throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`); }
  const machine = call.region.room(StepFunctionsState).machines.get(arn);
  if (!machine) { throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`); }
  return machine;
}

/** Identifies a revision of a machine. */
export function revisionOf({ revision }: Machine): string {
  return `00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`;
}

/** Checks the name of a machine or an execution, by the API's pages. */
export function checkName(name: string): void {
  // eslint-disable-next-line no-control-regex
  if (name.length > 80 || /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name)) {
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  }
}

/** The requested page of a list. */
export function page(member: string, items: object[], { maxResults, nextToken = '0' }: any): object {
  const from = Number(nextToken);
  if (!Number.isInteger(from) || from < 0) { throw new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`); }
  const to = from + (maxResults || 100);
  return { [member]: items.slice(from, to), ...to < items.length && { nextToken: String(to) } };
}
