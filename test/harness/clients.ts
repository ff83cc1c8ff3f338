import { accountAnswer } from './account';
import { AwsError, Call, Region } from '../../local-aws';
import { CloudFormation } from '../../local-aws/cloudformation';
import { Iam } from '../../local-aws/iam';
import { S3 } from '../../local-aws/s3';

/** What goes wrong at a call: instead of it, or after it took effect. */
export interface Fault {
  readonly operation: string;
  readonly error: Error;
  readonly afterEffect?: boolean;
  /** How many calls go well before. */
  skip?: number;
  times: number;
}

/** The clients of the handlers, on the local AWS. They record every call, and each fault that a test adds makes some of them fail. */
export class Clients {
  public readonly calls: Array<{ operation: string; input: any }> = [];
  public readonly faults: Fault[] = [];
  /** Waits before each call takes effect, so that calls of several functions come in another order; a function whose call never comes has crashed. */
  public before: (operation: string) => Promise<void> = async () => {};

  public sagemaker(region: Region): any {
    return this.client((operation, input) => region.sagemaker.call(operation, input));
  }

  public of(region: Region, service: 'ssm' | 'stepFunctions' | 'applicationAutoScaling' | 'cloudwatch'): any {
    return this.client(async (operation, input) => region[service].operations[operation](input, callIn(region)));
  }

  /** The tags and the status of stacks. A stack that a test plays has those that it gives. */
  public stacks(tags: () => Array<{ Key: string; Value: string }>, status: () => string): any {
    return this.client(async () => ({ tags: tags(), status: status() }));
  }

  /** What is read of the account before a job starts. */
  public account(region: Region): any {
    return this.client((operation, input) => accountAnswer(callIn(region), operation, input));
  }

  /** ETags of the objects in S3. That of a prefix says what is below it. */
  public objects(region: Region): any {
    return this.client(async (operation, { address }) => {
      const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(address) ?? [];
      try {
        if (operation === 'ListPrefix') {
          const { Contents } = await region.room(S3).operations.ListObjectsV2({ Bucket: bucket, Prefix: key }, callIn(region)) as any;
          return Contents.length > 0 ? `prefix-${JSON.stringify(Contents.map(({ Key, ETag }: any) => [Key, ETag]))}` : undefined;
        }
        return ((await region.room(S3).operations.HeadObject({ Bucket: bucket, Key: key }, callIn(region))) as any).ETag;
      } catch (error) {
        if (error instanceof AwsError && error.status < 500) { return undefined; }
        throw error;
      }
    });
  }

  /** Throws the error of the first fault that is due. */
  public trip(operation: string, afterEffect: boolean): void {
    const fault = this.faults.find((one) => one.operation === operation && (one.afterEffect ?? false) === afterEffect && one.times > 0);
    if (!fault) { return; }
    if (fault.skip) {
      fault.skip--;
      return;
    }
    fault.times--;
    throw fault.error;
  }

  private client(run: (operation: string, input: any) => Promise<any>) {
    return {
      send: async (command: any) => {
        const operation = command.constructor.name.replace(/Command$/, '');
        const input = onTheWire(command.input);
        await this.before(operation);
        this.calls.push({ operation, input });
        this.trip(operation, false);
        try {
          const output = await run(operation, input);
          this.trip(operation, true);
          return output;
        } catch (error) {
          if (error instanceof AwsError) { throw Object.assign(error, { $metadata: { httpStatusCode: error.status } }); }
          throw error;
        }
      },
    };
  }
}

/** The tags and the status of a stack, as a function with the permission reads them. */
export async function stackOf(call: Call, input: { StackName: string }): Promise<{ tags: Array<{ Key: string; Value: string }>; status: string }> {
  const { region } = call;
  region.room(Iam).check(call, 'cloudformation', 'DescribeStacks', input);
  const [{ Tags, StackStatus }] = ((await region.room(CloudFormation).operations.DescribeStacks(input, call)) as any).Stacks;
  return { tags: Tags, status: StackStatus };
}

/** A call by the account itself. */
export function callIn(region: Region): Call {
  return { region, principal: { account: region.account, arn: `arn:aws:iam::${region.account}:root` }, requestId: 'test' };
}

/** A request as the SDK sends it: plain, with times in seconds. */
export function onTheWire(value: any): any {
  if (value instanceof Date) { return value.getTime() / 1000; }
  if (Array.isArray(value)) { return value.map(onTheWire); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined).map(([name, inner]) => [name, onTheWire(inner)]));
}
