import { AwsError, Call, ResourceProviders, ResourceRequest, ResourceState } from '../kernel';
import { StepFunctions } from './index';
import { findMachine, revisionOf } from './machines';

const POLL_MS = 5_000;

/** The resource types of Step Functions. */
export const resources: ResourceProviders = {
  'AWS::StepFunctions::StateMachine': {
    async create(request) {
      const { properties, generatedName } = request;
      const { stateMachineArn } = await call(request, 'CreateStateMachine', {
        name: properties.StateMachineName ?? generatedName(80),
        definition: definitionOf(request),
        roleArn: properties.RoleArn,
        type: properties.StateMachineType,
      });
      return state(request, stateMachineArn);
    },

    async update(request) {
      const { physicalId, properties } = request;
      await call(request, 'UpdateStateMachine', { stateMachineArn: physicalId, definition: definitionOf(request), roleArn: properties.RoleArn });
      return state(request, physicalId);
    },

    async delete(request) {
      const { region, physicalId } = request;
      await call(request, 'DeleteStateMachine', { stateMachineArn: physicalId });
      while (!request.express && region.room(StepFunctions).machines.has(physicalId)) { await region.clock.sleep(POLL_MS); }
    },
  },
};

function call(request: ResourceRequest, operation: string, input: object): any {
  return request.region.room(StepFunctions).operations[operation](input, asService(request));
}

function asService({ region, stackId }: ResourceRequest): Call {
  return { region, principal: region.root, requestId: stackId };
}

function state(request: ResourceRequest, arn: string): ResourceState {
  const machine = findMachine(arn, asService(request));
  return { physicalId: arn, attributes: { Arn: arn, Name: machine.name, StateMachineRevisionId: revisionOf(machine) } };
}

function definitionOf({ properties }: ResourceRequest): string {
  const { Definition, DefinitionString, DefinitionSubstitutions = {}, DefinitionS3Location } = properties;
  if (DefinitionS3Location !== undefined) { throw new AwsError('ValidationException', 'Property DefinitionS3Location is not part of the local AWS'); }
  const text: string = DefinitionString ?? JSON.stringify(Definition);
  return text.replace(/\$\{(\w+)\}/g, (found, name) => (Object.hasOwn(DefinitionSubstitutions, name) ? String(DefinitionSubstitutions[name]) : found));
}
