import { Need } from '../iam';
import { Context } from '../iam/policy';
import { Region } from '../kernel';

/** The permissions that a request needs. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export function eventsNeeds(region: Region, operation: string, input: any, context: Context): Need[] {
  const action = `events:${operation}`;
  // The request is not validated yet, so a bus's name may be anything.
  const bus = (nameOrArn: unknown) => (/^arn:/.test(`${nameOrArn}`) ? `${nameOrArn}` : region.arn('events', `event-bus/${nameOrArn ?? 'default'}`));
  if (operation === 'PutEvents') {
    // Each entry needs its own permission, because a condition may be true for one entry and false for another.
    return objectsIn(input.Entries).map(({ EventBusName, Source, DetailType }): Need => ({
      action,
      resource: bus(EventBusName),
      context: { ...context, ...Source && { 'events:source': `${Source}` }, ...DetailType && { 'events:detail-type': `${DetailType}` } },
    }));
  }
  const resource = resourceOf(region, operation, input, bus);
  const tagging: Need[] = Array.isArray(input.Tags) && input.Tags.length > 0 && operation !== 'TagResource'
    ? [{ action: 'events:TagResource', resource, context }] : [];
  const roles = operation === 'PutTargets' ? objectsIn(input.Targets).flatMap(({ RoleArn }) => RoleArn ?? []) : [];
  return [
    { action, resource, context },
    ...tagging,
    ...roles.map((role): Need => ({ action: 'iam:PassRole', resource: `${role}`, context: { ...context, 'iam:PassedToService': 'events.amazonaws.com' } })),
  ];
}

function resourceOf(region: Region, operation: string, input: any, bus: (nameOrArn: unknown) => string): string {
  if (input.ResourceARN !== undefined) { return String(input.ResourceARN); }
  if (/EventBus$/.test(operation)) { return bus(input.Name); }
  if (/Permission$/.test(operation)) { return bus(input.EventBusName); }
  const rule = input.Rule ?? input.Name;
  const named = bus(input.EventBusName).split('/').pop();
  return rule === undefined ? '*' : region.arn('events', `rule/${named === 'default' ? '' : `${named}/`}${rule}`);
}

function objectsIn(list: unknown): any[] {
  return Array.isArray(list) ? list.filter((member) => typeof member === 'object' && member !== null) : [];
}
