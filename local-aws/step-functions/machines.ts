import { parseDefinition } from './definition';
import { Machine } from './execution';
import { StepFunctionsState } from './state';
import { Iam } from '../iam';
import { AwsError, Call, Lacking, numberedPage, Operations } from '../kernel';

/** What a machine has besides its definition and its role: what its creation said, or the service's defaults. They are kept and described, and do nothing here. */
export const SETTINGS = {
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
};

export const machineOperations: Operations = {
  CreateStateMachine({ name, definition, roleArn, type = 'STANDARD', tags = [], ...settings }, call) {
    const { machines } = call.region.room(StepFunctionsState);
    checkName(name);
    if (type !== 'STANDARD') { throw new Lacking(`State machines of type ${type} are not part of the local AWS`, 'StateMachineTypeNotSupported'); }
    if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn)) { throw new AwsError('InvalidArn', `Invalid Arn: '${roleArn}'`); }
    parseDefinition(definition, call.region);
    const arn = call.region.arn('states', `stateMachine:${name}`);
    checkRole(roleArn, arn, call);
    checkSettings(settings);
    const old = machines.get(arn);
    if (old?.deleting) { throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`); }
    if (old && (old.definition !== definition || old.roleArn !== roleArn)) {
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const machine = old ?? {
      arn,
      name,
      definition,
      roleArn,
      created: new Date(call.region.clock.now()),
      revision: 1,
      settings: { ...SETTINGS, ...settings },
      tags: new Map(),
    };
    if (!old) { tag(machine, tags); }
    machines.set(arn, machine);
    return { stateMachineArn: arn, creationDate: machine.created };
  },

  UpdateStateMachine({ stateMachineArn, definition, roleArn, ...settings }, call) {
    const machine = findMachine(stateMachineArn, call);
    // API_UpdateStateMachine: MissingRequiredParameter
    if ([definition, roleArn, ...Object.values(settings)].every((given) => given === undefined)) {
      throw new AwsError('MissingRequiredParameter', 'Either the definition, the role ARN, the LoggingConfiguration, the EncryptionConfiguration or the TracingConfiguration must be specified');
    }
    if (definition !== undefined) { parseDefinition(definition, call.region); }
    if (roleArn !== undefined) { checkRole(roleArn, stateMachineArn, call); }
    checkSettings(settings);
    machine.settings = { ...machine.settings, ...settings };
    machine.definition = definition ?? machine.definition;
    machine.roleArn = roleArn ?? machine.roleArn;
    machine.revision++;
    return { updateDate: new Date(call.region.clock.now()), revisionId: revisionOf(machine) };
  },

  DescribeStateMachine({ stateMachineArn, includedData = 'ALL_DATA' }, call) {
    const machine = findMachine(stateMachineArn, call);
    const { arn, name, created, definition, roleArn, deleting, settings } = machine;
    return {
      stateMachineArn: arn,
      name,
      status: deleting ? 'DELETING' : 'ACTIVE',
      // Without its data the definition is empty, because the member is required.
      definition: includedData === 'ALL_DATA' ? definition : '',
      roleArn,
      type: 'STANDARD',
      ...settings,
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

  ListTagsForResource: ({ resourceArn }, call) => ({ tags: [...tagged(resourceArn, call).tags].map(([key, value]) => ({ key, value })) }),
  TagResource: ({ resourceArn, tags }, call) => {
    tag(tagged(resourceArn, call), tags);
    return {};
  },
  UntagResource: ({ resourceArn, tagKeys }, call) => {
    tagKeys.forEach((key: string) => tagged(resourceArn, call).tags.delete(key));
    return {};
  },
};

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html (InvalidLoggingConfiguration, InvalidEncryptionConfiguration) */
function checkSettings({ loggingConfiguration: { level = 'OFF', destinations = [] } = {}, encryptionConfiguration: { type, kmsKeyId } = {} }: any): void {
  if (level !== 'OFF' && destinations.length !== 1) { throw new AwsError('InvalidLoggingConfiguration', `Invalid Logging Configuration: the level ${level} needs one log destination.`); }
  if (type !== undefined && (type === 'CUSTOMER_MANAGED_KMS_KEY') !== (kmsKeyId !== undefined)) {
    throw new AwsError('InvalidEncryptionConfiguration', `Invalid Encryption Configuration: a kmsKeyId must be given if, and only if, the type is CUSTOMER_MANAGED_KMS_KEY, got the type ${type}.`);
  }
}

/** Words: https://github.com/lumigo-io/lumigo-CLI/issues/83 and https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html */
function checkRole(roleArn: string, machineArn: string, { region }: Call): void {
  if (region.room(Iam).mayServe(roleArn, 'states.amazonaws.com', machineArn)) { return; }
  throw new AwsError('AccessDeniedException', `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role: ${roleArn}`);
}

function tag(machine: Machine, tags: ReadonlyArray<{ readonly key: string; readonly value: string }>): void {
  const merged = new Map([...machine.tags, ...tags.map(({ key, value }) => [key, value] as const)]);
  if (merged.size > 50) { throw new AwsError('TooManyTags', `A resource takes at most 50 tags, got: ${merged.size}`); }
  merged.forEach((value, key) => machine.tags.set(key, value));
}

/** A machine by its ARN; the error of the operations of tags if there is none. */
function tagged(arn: string, call: Call): Machine {
  const machine = call.region.room(StepFunctionsState).machines.get(arn);
  if (!machine) { throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`); }
  return machine;
}

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

/** Refuses the characters that no name of a machine or an execution has. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html (name) */
export function checkName(name: string): void {
  // eslint-disable-next-line no-control-regex
  if (/[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name)) { throw new AwsError('InvalidName', `Invalid Name: '${name}'`); }
}

/** The requested page of a list. */
export function page(member: string, all: object[], { maxResults, nextToken }: any): object {
  const { items, next } = numberedPage(all, nextToken, maxResults || 100, () => new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`));
  return { [member]: items, ...next !== undefined && { nextToken: next } };
}
