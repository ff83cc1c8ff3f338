import { lookUp, parsePath, refusal } from '../kernel';

/** An event in the form that rules match and targets get. */
export interface Event {
  readonly 'version': '0';
  readonly 'id': string;
  readonly 'detail-type': string;
  readonly 'source': string;
  readonly 'account': string;
  readonly 'time': string;
  readonly 'region': string;
  readonly 'resources': readonly string[];
  readonly 'detail': Readonly<Record<string, unknown>>;
}

/** The rule that a target belongs to. */
export interface RuleNames {
  readonly arn: string;
  readonly name: string;
}

const RESERVED = ['aws.events.rule-arn', 'aws.events.rule-name', 'aws.events.event.ingestion-time', 'aws.events.event', 'aws.events.event.json'];

/** Why a target's input is invalid, if it is. */
export function inputFault({ Id, Input, InputPath, InputTransformer }: any): string | undefined {
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1) {
    return `Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`;
  }
  if (Input !== undefined && !isJson(Input)) { return `JSON syntax error in input for target ${Id}`; }
  for (const path of [InputPath, ...Object.values(InputTransformer?.InputPathsMap ?? {})].filter((given) => given !== undefined)) {
    try {
      parsePath(path);
    } catch (error) {
      throw refusal(error, 'ValidationException', `InputPath for target ${Id} is invalid. ${(error as Error).message}`);
    }
  }
  const known = [...RESERVED, ...Object.keys(InputTransformer?.InputPathsMap ?? {})];
  const strange = placeholders(InputTransformer?.InputTemplate ?? '').find((name) => !known.includes(name));
  return strange && `InputTemplate for target ${Id} contains invalid placeholder ${strange}.`;
}

/** The input of a target for an event. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
export function inputOf({ Input, InputPath, InputTransformer }: any, event: Event, rule: RuleNames): unknown {
  if (Input !== undefined) { return JSON.parse(Input); }
  if (InputTransformer !== undefined) { return transformed(InputTransformer, event, rule); }
  return InputPath === undefined ? event : read(InputPath, event) ?? {};
}

function transformed({ InputPathsMap = {}, InputTemplate }: any, event: Event, rule: RuleNames): unknown {
  const { detail: _, ...envelope } = event;
  const values: Record<string, unknown> = {
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': event.time,
    'aws.events.event': envelope,
    'aws.events.event.json': event,
    ...Object.fromEntries(Object.entries<string>(InputPathsMap).map(([name, path]) => [name, read(path, event)])),
  };
  const filled = fill(InputTemplate, (name, quoted) => {
    // A variable whose path matches nothing has no value.
    const value = values[name] ?? '';
    if (!quoted) { return JSON.stringify(value); }
    return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
  });
  try {
    return JSON.parse(filled);
  } catch {
    throw new Error(`The input template gives no JSON: ${filled}`);
  }
}

/** The template with each `<name>` replaced, within quotes or without. */
function fill(template: string, replace: (name: string, quoted: boolean) => string): string {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (found, name) => {
    if (found === '"') { quoted = !quoted; }
    return name === undefined ? found : replace(name, quoted);
  });
}

function placeholders(template: string): string[] {
  const names: string[] = [];
  fill(template, (name) => {
    names.push(name);
    return '';
  });
  return names;
}

function read(path: string, event: Event): unknown {
  return lookUp(path, { input: event, context: {} });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
