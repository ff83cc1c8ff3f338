import { checkPolicy } from './buses';
import { inputFault, inputOf } from './input';
import { Delivery, EventsState, TargetKind } from './state';
import { Iam } from '../iam';
import { AwsError, Call, invalid, Lacking, Region } from '../kernel';
import { Lambda } from '../lambda';
import { Logs } from '../logs';

/** The kinds that this room knows, by the service in a target's ARN. */
export const TARGET_KINDS: Readonly<Record<string, TargetKind>> = {
  // A function is invoked asynchronously: if it fails, Lambda retries.
  lambda: {
    resource: /^function:[\w-]+(:\$LATEST)?$/,
    deliver: ({ region, target, event, rule }) => {
      if (target.RoleArn !== undefined) { checkRole({ region, rule }, target.RoleArn, 'lambda', 'Invoke', { FunctionName: target.Arn }); }
      region.room(Lambda).invokeAsync(target.Arn, inputOf(target, event, rule));
    },
  },
  logs: {
    resource: /^log-group:[^:*]+(:\*)?$/,
    deliver: ({ region, target, event, rule }) => {
      const logs = region.room(Logs);
      const [, group] = /:log-group:([^:]+)/.exec(target.Arn)!;
      if (!logs.groups.has(group)) { throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.'); }
      const input: any = inputOf(target, event, rule);
      // A template gives the line as `message`: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
      const line = target.InputTransformer === undefined ? input : input?.message;
      if (line === undefined) { throw new Error('The input template of a log group must give a timestamp and a message'); }
      logs.append(group, typeof line === 'string' ? line : JSON.stringify(line), event.id);
    },
  },
  events: { resource: /^event-bus\/[\w./-]+$/, anywhere: true, needsRole: true, deliver: forward },
};

/** The beginnings of all targets that EventBridge has. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html */
const TARGETS = new RegExp(`^(${[
  'appsync:endpoints/graphql-api/', 'batch:job-queue/', 'codebuild:project/', 'codepipeline:', 'ecs:cluster/', 'events:(event-bus|api-destination|target)/',
  'execute-api:', 'firehose:deliverystream/', 'inspector:', 'kinesis:stream/', 'lambda:function:', 'logs:log-group:', 'redshift:cluster:',
  'redshift-serverless:workgroup/', 'sagemaker:pipeline/', 'sns:', 'sqs:', 'ssm:(automation-definition|document)/', 'ssm-incidents:response-plan/',
  'states:stateMachine:',
].join('|')})`);

/** Refuses a target that cannot be called. */
export function checkTarget(target: any, region: Region): void {
  const [, partition, service, regionName, account, resource] = /^arn:([\w-]+):([\w-]+):([\w-]*):(\d*):(.+)$/.exec(target.Arn) ?? [];
  if (service === undefined || partition !== region.partition) {
    throw invalid(`Parameter ${target.Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  const kind = region.room(EventsState).targetKinds.get(service);
  if (!kind?.resource.test(resource) || (!kind.anywhere && (regionName !== region.name || account !== region.account))) {
    if (!TARGETS.test(`${service}:${resource}`)) { throw invalid(`Parameter ${target.Arn} is not valid. Reason: Provided Arn is not of a target of EventBridge.`); }
    throw new Lacking(`The target ${target.Arn} is not part of the local AWS. `
      + 'It must be a function, state machine or log group of the rule\'s own account and Region, or an event bus');
  }
  if (kind.needsRole && target.RoleArn === undefined) { throw invalid(`RoleArn is required for target ${target.Arn}.`); }
  const fault = inputFault(target);
  if (fault) { throw invalid(fault); }
}

/**
 * A call as the role that EventBridge assumes, if the role trusts EventBridge and allows the operation.
 * AWS would not retry such a refusal either: permissions or the target are missing.
 */
export function checkRole({ region, rule }: Pick<Delivery, 'region' | 'rule'>, arn: string, service: string, operation: string, input: object): Call {
  if (!region.room(Iam).canAssume(arn, 'events.amazonaws.com', rule.arn)) { throw new AwsError('AccessDeniedException', `EventBridge cannot assume the role ${arn}`); }
  const call: Call = { region, principal: { account: region.account, arn }, requestId: 'events' };
  region.room(Iam).check(call, service, operation, input);
  return call;
}

/** Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html and eb-bus-to-bus.html */
function forward({ region, rule, target: { Arn, RoleArn }, event, forwarded }: Delivery): void {
  // An event that came from another bus is not forwarded again.
  if (forwarded) { return; }
  const { principal } = checkRole({ region, rule }, RoleArn, 'events', 'PutEvents', { Entries: [{ EventBusName: Arn, Source: event.source, DetailType: event['detail-type'] }] });
  const [, , , name, account] = Arn.split(':');
  const events = region.world.region(account, name).room(EventsState);
  const bus = events.bus(Arn);
  if (!bus) { throw new AwsError('ResourceNotFoundException', `Event bus ${Arn} does not exist.`); }
  if (account !== region.account) { checkPolicy(bus, region, principal, { 'events:source': event.source, 'events:detail-type': event['detail-type'] }); }
  events.take(bus, event, true);
}
