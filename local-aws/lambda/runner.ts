import { Iam } from '../iam';
import { Region } from '../kernel';
import { Logs } from '../logs';

/** A function as created or last updated. An update creates a new object. */
export interface LambdaFunction {
  readonly region: Region;
  readonly functionName: string;
  readonly arn: string;
  readonly zip: Buffer;
  /** The zip files of its layers. */
  readonly layers: readonly Buffer[];
  /** `index.handler`: a module of the zip and its export. */
  readonly handler: string;
  /** Of a function whose code is an image, `image`. */
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memorySize: number;
  readonly roleArn: string;
  readonly logGroup: string;
  readonly lastModified: Date;
}

export interface InvocationResult {
  readonly payload?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string; readonly trace?: readonly string[] };
}

/** Runs a function's code. Tests use their own runner that calls handlers in this process. */
export interface LambdaRunner {
  /** Whether connections of functions to AWS's own names lead to the local AWS. */
  readonly leadsAwsNames?: boolean;
  /** `callers`: how many functions wait for this one, each with the clock held. */
  run(fn: LambdaFunction, payload: unknown, awsRequestId: string, callers?: number): Promise<InvocationResult>;
  /** The function was updated or deleted, so its processes can be dropped. */
  forget?(fn: LambdaFunction): void;
  close?(): Promise<void> | void;
}

/** The name of a function's log stream. */
export function logStream({ functionName, lastModified }: LambdaFunction): string {
  return `${lastModified.toISOString().slice(0, 10).replace(/-/g, '/')}/[$LATEST]${functionName}`;
}

/** Writes a line to a function's log group, if its role allows it. Without the group or the permission the line is lost, as on AWS. */
export function writeLog(fn: LambdaFunction, line: string): void {
  const { region, logGroup, roleArn } = fn;
  const logs = region.room(Logs);
  const group = region.arn('logs', `log-group:${logGroup}`);
  const may = (action: string, resource: string) => region.room(Iam).allows(roleArn, action, resource);
  if (!logs.groups.has(logGroup) && !may('logs:CreateLogGroup', group)) { return; }
  const stream = logStream(fn);
  if (may('logs:PutLogEvents', `${group}:log-stream:${stream}`)) { logs.append(logGroup, line, stream); }
}
