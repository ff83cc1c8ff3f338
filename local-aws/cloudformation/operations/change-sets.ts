import { configure, deployOptions, noStack, refuseUnfit, refuseUnlessUpdatable } from './stacks';
import { page, parameterViews, tagViews } from './views';
import { AwsError, Operations } from '../../kernel';
import { ChangeSet, changesOf } from '../changes';
import { deploy } from '../engine/deployment';
import { guid } from '../ids';
import { Stack, wallTime } from '../stack';
import { checkName, Stacks } from '../stacks';
import { invalid } from '../template/template';

const NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set.";

/** The operations of change sets: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html */
export function changeSetOperations(room: Stacks): Operations {
  const all = room.changeSets;
  const of = (stack: Stack) => [...all.values()].filter((set) => set.stack === stack);
  const find = ({ ChangeSetName, StackName }: any): ChangeSet | undefined => {
    if (typeof ChangeSetName !== 'string' || ChangeSetName === '') { throw invalid('ChangeSetName must be specified.'); }
    if (ChangeSetName.startsWith('arn:')) { return all.get(ChangeSetName); }
    if (StackName === undefined) { throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.'); }
    return of(room.get(StackName, noStack)).find(({ name }) => name === ChangeSetName);
  };
  const get = (input: any): ChangeSet => {
    const found = find(input);
    if (!found) { throw new AwsError('ChangeSetNotFound', `ChangeSet [${input.ChangeSetName}] does not exist`, 404); }
    return found;
  };
  return {
    CreateChangeSet: (input) => {
      const { StackName, ChangeSetName, ChangeSetType = 'UPDATE' } = input;
      checkName('changeSetName', ChangeSetName);
      if (ChangeSetType !== 'CREATE' && ChangeSetType !== 'UPDATE') { throw invalid(`Change sets of type ${ChangeSetType} are not part of the local AWS`); }
      const old = room.find(StackName);
      const creates = ChangeSetType === 'CREATE';
      if (!creates && !old) { throw invalid(noStack(StackName)); }
      if (creates && old && old.status !== 'REVIEW_IN_PROGRESS') {
        throw invalid(`Stack [${StackName}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`);
      }
      if (old && !creates) { refuseUnlessUpdatable(old, { ...deployOptions(input), onFailure: 'DO_NOTHING' }); }
      const again = old && of(old).find(({ name }) => name === ChangeSetName);
      if (again) {
        // API_CreateChangeSet (ClientToken): a request that is sent again makes no second change set.
        if (input.ClientToken !== undefined && again.input.ClientToken === input.ClientToken) { return { Id: again.id, StackId: again.stack.id }; }
        throw new AwsError('AlreadyExistsException', `ChangeSet ${ChangeSetName} cannot be created because a changeset with the same name already exists`);
      }
      const definition = room.define(input, creates ? undefined : old!.definition);
      const stack = old ?? room.addStack(StackName, definition);
      let foreseen: ReturnType<typeof changesOf>;
      try {
        configure(stack, { ...input, ClientRequestToken: undefined });
        refuseUnfit(stack, definition, room);
        foreseen = changesOf(stack, definition, room);
      } catch (error) {
        if (!old) { room.stacks.delete(stack.id); }
        throw error;
      }
      if (!old) { stack.setStatus('REVIEW_IN_PROGRESS', 'User Initiated'); }
      const id = stack.region.arn('cloudformation', `changeSet/${ChangeSetName}/${guid(stack.id, ChangeSetName, room.changeSetsMade++)}`);
      all.set(id, {
        id,
        name: ChangeSetName,
        stack,
        definition,
        base: stack.definition,
        changes: foreseen.changes,
        type: ChangeSetType,
        input,
        created: wallTime(),
        ...foreseen.any ? { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' } : { status: 'FAILED', reason: NO_CHANGES, executionStatus: 'UNAVAILABLE' },
      });
      return { Id: id, StackId: stack.id };
    },
    DescribeChangeSet: ({ NextToken, IncludePropertyValues: _, ...input }) => {
      const set = get(input);
      const { items, next } = page(set.changes, NextToken);
      return {
        ...summary(set),
        Parameters: parameterViews(set.definition),
        Tags: tagViews(set.definition),
        Capabilities: set.input.Capabilities,
        NotificationARNs: set.stack.notificationArns,
        DeploymentConfig: set.input.DeploymentConfig,
        Changes: items.map((change) => ({ Type: 'Resource', ResourceChange: change })),
        NextToken: next,
      };
    },
    ListChangeSets: ({ StackName, NextToken }) => {
      const { items, next } = page(of(room.get(StackName, noStack)), NextToken);
      return { Summaries: items.map(summary), NextToken: next };
    },
    ExecuteChangeSet: async (input) => {
      const set = get(input);
      const { stack, definition, type } = set;
      // Any other operation on the stack since then makes the change set obsolete.
      if (set.base !== stack.definition) { set.executionStatus = 'OBSOLETE'; }
      if (set.executionStatus !== 'AVAILABLE') {
        throw new AwsError('InvalidChangeSetStatus', `ChangeSet [${set.id}] cannot be executed in its current execution status of [${set.executionStatus}]`);
      }
      const options = deployOptions({ ...input, OnFailure: set.input.OnStackFailure, DeploymentConfig: set.input.DeploymentConfig });
      if (type === 'UPDATE') { refuseUnlessUpdatable(stack, options); }
      configure(stack, { ...set.input, DisableRollback: input.DisableRollback, ClientRequestToken: input.ClientRequestToken });
      if (type === 'UPDATE') { stack.lastUpdatedTime = new Date(); }
      of(stack).filter((other) => other !== set).forEach((other) => all.delete(other.id));
      set.executionStatus = 'EXECUTE_IN_PROGRESS';
      await room.begin(stack, async () => {
        await deploy(stack, definition, room, options);
        set.executionStatus = /^(CREATE|UPDATE)_COMPLETE$/.test(stack.status) ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
      });
      return {};
    },
    DeleteChangeSet: (input) => {
      const set = find(input);
      if (set) { all.delete(set.id); }
      return {};
    },
  };
}

function summary({ id, name, stack, status, reason, executionStatus, created, input }: ChangeSet) {
  return {
    ChangeSetId: id,
    ChangeSetName: name,
    StackId: stack.id,
    StackName: stack.name,
    Status: status,
    StatusReason: reason,
    ExecutionStatus: executionStatus,
    CreationTime: created,
    Description: input.Description,
    IncludeNestedStacks: input.IncludeNestedStacks,
  };
}
