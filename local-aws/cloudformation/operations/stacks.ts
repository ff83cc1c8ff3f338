import { AwsError, Operations } from '../../kernel';
import { changesOf } from '../changes';
import { deploy, DeployOptions } from '../engine/deployment';
import { removeStack } from '../engine/removal';
import { rollBack } from '../engine/rollback';
import { Steps } from '../engine/steps';
import { asTheyAre, scopeOf } from '../scope';
import { Definition, DeploymentMode, Stack } from '../stack';
import { Stacks } from '../stacks';
import { condition } from '../template/intrinsics';
import { checkRules } from '../template/parameters';
import { invalid } from '../template/template';

/** Forms have no types, so `true` arrives as a string. */
export function flag(value: unknown): boolean {
  return value === true || value === 'true';
}

/** The message of the operations that change stacks. */
export const noStack = (name: string) => `Stack [${name}] does not exist`;

/**
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (DisableRollback, OnFailure, RetainExceptOnCreate,
 * DeploymentConfig)
 */
export function deployOptions({ DisableRollback, OnFailure, RetainExceptOnCreate, DeploymentConfig }: any): DeployOptions {
  const { DisableRollback: configured } = DeploymentConfig ?? {};
  if (DisableRollback !== undefined && OnFailure !== undefined) { throw invalid('You can only specify one of DisableRollback or OnFailure.'); }
  if (configured !== undefined && (DisableRollback ?? OnFailure) !== undefined) {
    throw invalid('DeploymentConfig.DisableRollback cannot be specified with DisableRollback or OnFailure.');
  }
  const mode = modeOf(DeploymentConfig);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-express-mode.html#express-mode-rollback
  const disabled = DisableRollback ?? configured ?? (OnFailure === undefined && mode === 'EXPRESS');
  return { onFailure: flag(disabled) ? 'DO_NOTHING' : OnFailure ?? 'ROLLBACK', retainExceptOnCreate: flag(RetainExceptOnCreate), mode };
}

function modeOf({ Mode = 'STANDARD' }: any = {}): DeploymentMode {
  return Mode;
}

/** Applies a request's settings of the stack besides its definition. */
export function configure(stack: Stack, input: any): void {
  const { NotificationARNs, Capabilities, RoleARN, ClientRequestToken } = input;
  stack.notificationArns = Array.isArray(NotificationARNs) ? NotificationARNs : stack.notificationArns;
  stack.capabilities = Array.isArray(Capabilities) ? Capabilities : stack.capabilities;
  stack.roleArn = RoleARN || stack.roleArn;
  stack.token = ClientRequestToken;
  stack.disableRollback = deployOptions(input).onFailure === 'DO_NOTHING';
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html */
export function refuseUnlessUpdatable(stack: Stack, options: DeployOptions): void {
  // As it was seen: https://github.com/aws/aws-cdk-cli/issues/1739
  if (stack.paused && stack.express && options.mode !== 'EXPRESS') {
    throw invalid(`This stack is in a ${stack.status} state from a previous operation that used EXPRESS deployment mode with disable-rollback. `
      + 'Follow-up operations must use the same DeploymentConfig (mode=EXPRESS) until the stack reaches a *_COMPLETE state.');
  }
  if (stack.paused && options.onFailure !== 'DO_NOTHING') {
    throw invalid(`This stack is currently in a non-terminal [${stack.status}] state. To update the stack from this state, please use the disable-rollback `
      + 'parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API');
  }
  if (!stack.paused && !/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack.status)) {
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }
}

/** Refuses errors of a definition that only its stack shows: rules, conditions, and changed resource types. */
export function refuseUnfit(stack: Stack, definition: Definition, room: Stacks): void {
  const scope = scopeOf(stack, definition, asTheyAre(stack), (name) => room.importValue(name));
  checkRules(scope);
  Object.keys(definition.template.Conditions).forEach((name) => condition(name, scope));
  const changed = [...stack.resources.values()]
    .filter(({ logicalId, type }) => (definition.template.Resources[logicalId]?.Type ?? type) !== type).map(({ logicalId }) => logicalId);
  if (changed.length > 0) {
    throw invalid(`Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`);
  }
}

/** The operations that change stacks. */
export function stackOperations(room: Stacks): Operations {
  const steps = (stack: Stack) => new Steps(stack, room.providerOf);
  return {
    CreateStack: async (input) => {
      const { StackName, EnableTerminationProtection } = input;
      const definition = room.define(input);
      const options = deployOptions(input);
      const old = room.find(StackName);
      if (old && old.status !== 'REVIEW_IN_PROGRESS') { throw new AwsError('AlreadyExistsException', `Stack [${StackName}] already exists`); }
      const stack = room.addStack(StackName, definition);
      try {
        configure(stack, input);
        refuseUnfit(stack, definition, room);
      } catch (error) {
        room.stacks.delete(stack.id);
        throw error;
      }
      if (old) { room.stacks.delete(old.id); }
      stack.terminationProtection = flag(EnableTerminationProtection);
      await room.begin(stack, () => deploy(stack, definition, room, options));
      return { StackId: stack.id };
    },
    UpdateStack: async (input) => {
      const stack = room.get(input.StackName, noStack);
      const options = deployOptions(input);
      refuseUnlessUpdatable(stack, options);
      const definition = room.define(input, stack.definition);
      refuseUnfit(stack, definition, room);
      if (!changesOf(stack, definition, room).any) { throw invalid('No updates are to be performed.'); }
      configure(stack, input);
      stack.lastUpdatedTime = new Date();
      await room.begin(stack, () => deploy(stack, definition, room, options));
      return { StackId: stack.id };
    },
    DeleteStack: async ({ StackName, RetainResources, ClientRequestToken, DeploymentConfig, RoleARN }) => {
      if (typeof StackName !== 'string' || StackName === '') { room.get(StackName); }
      const stack = room.find(StackName);
      if (!stack || stack.deleted) { return {}; }
      if (stack.terminationProtection) {
        throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
      }
      if (stack.parent && !stack.parent.deleted) { throw invalid(`Stack ${stack.id} is nested: delete its parent ${stack.parent.name}`); }
      if (stack.inProgress && !/^(CREATE|ROLLBACK)_IN_PROGRESS$/.test(stack.status)) {
        if (stack.status === 'DELETE_IN_PROGRESS') { return {}; }
        throw invalid(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
      }
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html (RetainResources)
      const retained: string[] = Array.isArray(RetainResources) ? RetainResources : [];
      if (retained.length > 0 && stack.status !== 'DELETE_FAILED') {
        throw invalid(`Invalid operation on stack [${stack.id}]. Resources can only be retained when the stack is in the DELETE_FAILED state.`);
      }
      const used = room.exportInUse(stack);
      if (used) {
        stack.setStatus(stack.status, `Delete canceled. ${used}`);
        return {};
      }
      stack.mode = modeOf(DeploymentConfig);
      stack.token = ClientRequestToken;
      stack.roleArn = RoleARN ?? stack.roleArn;
      stack.cancelled = 'delete';
      room.interrupt(stack);
      await room.begin(stack, () => removeStack(stack, steps(stack), retained));
      return {};
    },
    RollbackStack: async ({ StackName, RetainExceptOnCreate, ClientRequestToken, RoleARN }) => {
      const stack = room.get(StackName, noStack);
      if (stack.paused && stack.express) {
        throw invalid('RollbackStack is not supported for stacks that were last updated using EXPRESS deployment mode and are in a failed state');
      }
      if (!stack.paused) { throw invalid(`RollbackStack cannot be called on stack ${stack.name} in state ${stack.status}`); }
      stack.token = ClientRequestToken;
      stack.roleArn = RoleARN ?? stack.roleArn;
      await room.begin(stack, () => rollBack(stack, steps(stack), 'User Initiated', { retainExceptOnCreate: flag(RetainExceptOnCreate) }));
      return { StackId: stack.id };
    },
    ContinueUpdateRollback: async ({ StackName, ResourcesToSkip, ClientRequestToken, RoleARN }) => {
      const stack = room.get(StackName, noStack);
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED') { throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`); }
      const skip: string[] = Array.isArray(ResourcesToSkip) ? ResourcesToSkip : [];
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html (ResourcesToSkip: only what a rollback failed at)
      const wrong = skip.filter((id) => !stack.unrestored.includes(id));
      if (wrong.length > 0) { throw invalid(`The following resources to skip are not in UPDATE_FAILED state: [${wrong.join(', ')}]`); }
      stack.token = ClientRequestToken;
      stack.roleArn = RoleARN ?? stack.roleArn;
      await room.begin(stack, () => rollBack(stack, steps(stack), 'User Initiated', { skip }));
      return {};
    },
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html
    CancelUpdateStack: ({ StackName, ClientRequestToken }) => {
      const stack = room.get(StackName, noStack);
      if (stack.status !== 'UPDATE_IN_PROGRESS') {
        throw invalid(`CancelUpdateStack cannot be called from current stack status ${stack.status}`);
      }
      stack.token = ClientRequestToken ?? stack.token;
      stack.cancelled = 'update';
      room.interrupt(stack);
      return {};
    },
    UpdateTerminationProtection: ({ StackName, EnableTerminationProtection }) => {
      const stack = room.get(StackName, noStack);
      stack.terminationProtection = flag(EnableTerminationProtection);
      return { StackId: stack.id };
    },
  };
}
