import { StepFunctions } from './index';
import { findMachine, revisionOf, SETTINGS } from './machines';
import { OPERATIONS, SHAPES } from './shapes';
import { coerce } from '../../src/service/constraints';
import { Call, Lacking, ResourceProviders, ResourceRequest, ResourceState } from '../kernel';

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
        tags: tagsOf(request.tags, properties),
        ...settingsOf(properties),
      });
      return state(request, stateMachineArn);
    },

    async update(request) {
      const { physicalId, properties, oldProperties, oldTags, tags } = request;
      await call(request, 'UpdateStateMachine', {
        stateMachineArn: physicalId, definition: definitionOf(request), roleArn: properties.RoleArn, ...SETTINGS, ...settingsOf(properties),
      });
      await call(request, 'UntagResource', { resourceArn: physicalId, tagKeys: tagsOf(oldTags, oldProperties).map(({ key }) => key) });
      await call(request, 'TagResource', { resourceArn: physicalId, tags: tagsOf(tags, properties) });
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

/** A machine's tags: the stack's, and its own over them. */
function tagsOf(stack: Readonly<Record<string, string>> = {}, { Tags = [] }: any): Array<{ readonly key: string; readonly value: string }> {
  const own = Tags.map(({ Key, Value }: any) => [Key, Value] as const);
  return [...new Map<string, string>([...Object.entries(stack), ...own])].map(([key, value]) => ({ key, value: String(value) }));
}

/** The settings of a machine: CloudFormation's names are the API's, but for the first letter, and its scalars are texts. */
function settingsOf(properties: any): object {
  const names = Object.keys(SETTINGS).filter((name) => properties[upper(name)] !== undefined);
  return coerce(SHAPES, OPERATIONS.UpdateStateMachine.input, Object.fromEntries(names.map((name) => [name, lower(properties[upper(name)])])));
}

function lower(value: any): any {
  if (Array.isArray(value)) { return value.map(lower); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.replace(/^./, (first) => first.toLowerCase()), lower(inner)]));
}

function upper(name: string): string {
  return name.replace(/^./, (first) => first.toUpperCase());
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
  if (DefinitionS3Location !== undefined) { throw new Lacking('Property DefinitionS3Location is not part of the local AWS'); }
  const text: string = DefinitionString ?? JSON.stringify(Definition);
  return text.replace(/\$\{(\w+)\}/g, (found, name) => (Object.hasOwn(DefinitionSubstitutions, name) ? String(DefinitionSubstitutions[name]) : found));
}
