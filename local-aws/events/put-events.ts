import { checkPolicy } from './buses';
import { Bus, EventsState } from './state';
import { Call, invalid, isTooDeep, Operations, epochMilliseconds } from '../kernel';

/** API_PutEvents: all entries together must be smaller. */
const SIZE_LIMIT = 1024 * 1024;
const REQUIRED = ['Source', 'DetailType', 'Detail'];

class EntryFault extends Error {
  constructor(readonly code: string, message: string) { super(message); }
}

/** PutEvents. Each entry succeeds or fails separately, with the codes of API_PutEventsResultEntry. */
export const putEventsOperations: Operations = {
  PutEvents({ Entries }, call) {
    if (Entries.map(sizeOf).reduce((sum: number, size: number) => sum + size) >= SIZE_LIMIT) { throw invalid('Total size of the entries in the request is over the limit.'); }
    const results: object[] = Entries.map((entry: any) => {
      try {
        return { EventId: put(entry, call) };
      } catch (error) {
        if (!(error instanceof EntryFault)) { throw error; }
        return { ErrorCode: error.code, ErrorMessage: error.message };
      }
    });
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  },
};

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
function sizeOf({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: any): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return (Time === undefined ? 0 : 14) + texts.map((text) => Buffer.byteLength(text)).reduce((sum, size) => sum + size);
}

function put(entry: any, call: Call): string {
  const missing = REQUIRED.find((member) => !entry[member]);
  if (missing) { throw new EntryFault('InvalidArgument', `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`); }
  if (entry.Source.startsWith('aws.')) { throw new EntryFault('NotAuthorizedForSourceException', 'Not authorized for the source.'); }
  const events = call.region.room(EventsState);
  const { bus, room } = busOf(entry, call);
  const at = entry.Time && epochMilliseconds(entry.Time);
  if (at !== undefined && isNaN(new Date(at).getTime())) { throw new EntryFault('InvalidArgument', 'Parameter Time is not valid.'); }
  const event = events.made({ source: entry.Source, detailType: entry.DetailType, resources: entry.Resources, detail: detailOf(entry), time: at });
  // An event for a missing bus of the caller's own account is accepted and lost.
  if (bus) { room.take(bus, event, false); }
  return event.id;
}

function detailOf({ Detail }: any): Record<string, unknown> {
  let detail: any;
  try {
    detail = JSON.parse(Detail);
  } catch { /* is told below */ }
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail) || isTooDeep(detail)) {
    throw new EntryFault('MalformedDetail', 'Detail is malformed.');
  }
  return detail;
}

/** The bus of an event. A bus of another account must allow the caller. */
function busOf({ EventBusName, Source, DetailType }: any, { region, principal }: Call): { readonly bus?: Bus; readonly room: EventsState } {
  const [, , , regionName, account] = EventBusName?.startsWith('arn:') ? EventBusName.split(':') : [];
  if (account === undefined) { return { bus: region.room(EventsState).bus(EventBusName), room: region.room(EventsState) }; }
  if (regionName !== region.name) {
    throw new EntryFault('InvalidArgument', `Parameter EventBusName is not valid. Reason: the Region of ${EventBusName} is not the request's, ${region.name}.`);
  }
  const room = region.world.region(account, region.name).room(EventsState);
  const bus = room.bus(EventBusName);
  if (account === region.account) { return { bus, room }; }
  if (!bus) { throw new EntryFault('AccessDeniedException', `Event bus ${EventBusName} does not exist.`); }
  try {
    checkPolicy(bus, region, principal, { 'events:source': Source, 'events:detail-type': DetailType });
  } catch (error) {
    throw new EntryFault('AccessDeniedException', (error as Error).message);
  }
  return { bus, room };
}
