import { deploy } from './engine/deployment';
import { removeStack } from './engine/removal';
import { rollBack } from './engine/rollback';
import { EarlyRequest, ResourceFailure, Steps } from './engine/steps';
import { generatedName } from './ids';
import { refuseUnfit } from './operations/stacks';
import { Definition, Stack } from './stack';
import { Stacks } from './stacks';
import { ResourceProvider, ResourceRequest, ResourceState } from '../kernel';

const KNOWN = ['TemplateURL', 'Parameters', 'Tags', 'NotificationARNs', 'TimeoutInMinutes'];

function stateOf(child: Stack): ResourceState {
  return { physicalId: child.id, attributes: { Outputs: Object.fromEntries(child.outputs.map(({ key, value }) => [key, value])) } };
}

/**
 * A stack inside another stack. Its failed resources stay until the parent rolls back:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
 */
export function nestedStacks(room: Stacks): ResourceProvider {
  const define = ({ properties, tags, stackId }: ResourceRequest, previous?: Definition): Definition => {
    const unknown = Object.keys(properties).find((name) => !KNOWN.includes(name));
    if (unknown) { throw new ResourceFailure(`${unknown} of AWS::CloudFormation::Stack is not part of the local AWS`); }
    return room.define({
      TemplateURL: properties.TemplateURL,
      Parameters: Object.entries(properties.Parameters ?? {}).map(([ParameterKey, value]) => ({ ParameterKey, ParameterValue: [value].flat().join(',') })),
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (Capabilities): the parent's acknowledgement covers its nested stacks.
      Capabilities: room.get(stackId).capabilities,
      Tags: [...Object.entries(tags).map(([Key, Value]) => ({ Key, Value })), ...properties.Tags ?? []],
    }, previous);
  };
  const bring = async (child: Stack, definition: Definition): Promise<ResourceState> => {
    refuseUnfit(child, definition, room);
    await deploy(child, definition, room, { onFailure: 'DO_NOTHING' });
    if (!/^(CREATE|UPDATE)_COMPLETE/.test(child.status)) {
      const did = child.status === 'CREATE_FAILED' ? 'created' : 'updated';
      throw new ResourceFailure(`Embedded stack ${child.id} was not successfully ${did}: ${child.reason}`, child.id);
    }
    return stateOf(child);
  };
  return {
    create: async (request) => {
      const definition = define(request);
      const name = generatedName(request.stackName, request.logicalId, `${request.stackId} ${request.generatedName(255)}`, 128);
      const child = room.addStack(name, definition, room.find(request.stackId));
      (request as EarlyRequest).initiated(child.id);
      return bring(child, definition);
    },
    update: async (request) => {
      const child = room.get(request.physicalId);
      // A child that was updated, or whose update failed, rolls back itself with its parent: its old template is its own baseline.
      if (child.baseline && child.parent!.status === 'UPDATE_ROLLBACK_IN_PROGRESS') {
        await rollBack(child, new Steps(child, room.providerOf), undefined);
        if (child.status === 'UPDATE_ROLLBACK_FAILED') { throw new ResourceFailure(`Embedded stack ${child.id} was not successfully rolled back: ${child.reason}`); }
        return stateOf(child);
      }
      return bring(child, define(request, child.definition));
    },
    delete: async ({ physicalId }) => {
      const child = room.find(physicalId);
      if (!child || child.deleted) { return; }
      const used = room.exportInUse(child);
      if (used) { throw new ResourceFailure(`Embedded stack ${child.id} was not successfully deleted: Delete canceled. ${used}`); }
      await removeStack(child, new Steps(child, room.providerOf), []);
      if (!child.deleted) { throw new ResourceFailure(`Embedded stack ${child.id} was not successfully deleted: ${child.reason}`); }
    },
  };
}
