import { VirtualClock } from '../../../local-aws/kernel/clock';
import { AwsError } from '../../../local-aws/kernel/errors';
import { Region, World } from '../../../local-aws/world';

export const START = Date.parse('2026-01-01T00:00:00Z');
export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';

const trusting = (service: string) => ({ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: `${service}.amazonaws.com` } }] });

/** A Region with EventBridge, and functions that keep what they are given. Its time stands, unless it is told to jump. */
export class Bench {
  public readonly world: World;
  public readonly region: Region;
  /** What functions got, in order. */
  public readonly got: any[] = [];

  constructor({ jumps = false } = {}) {
    this.world = new World({
      clock: new VirtualClock({ start: new Date(START), jumps }),
      lambdaRunner: {
        run: async (_fn, payload) => {
          this.got.push(payload);
          return {};
        },
      },
    });
    this.region = this.world.region(ACCOUNT, 'eu-west-1');
  }

  /** Calls EventBridge, as a role if one is given, and waits until nothing works any more. */
  public async call(operation: string, input: object = {}, { region = this.region, role = '' } = {}): Promise<any> {
    const call = { region, principal: { account: region.account, arn: role || `arn:aws:iam::${region.account}:user/local` }, requestId: 'r' };
    const output = await this.world.clock.run(async () => {
      region.iam.check(call, 'events', operation, input);
      return region.events.operations[operation](input, call);
    });
    await this.world.clock.settled();
    return output;
  }

  public refused(operation: string, input: object = {}, more: object = {}): Promise<AwsError> {
    return this.call(operation, input, more).then(() => { throw new Error(`${operation} was not refused`); }, (error) => error);
  }

  /** Makes a function, and gives its ARN. */
  public fn(name = 'f'): string {
    return this.region.lambda.create({ functionName: name, zip: Buffer.from(''), handler: 'index.handler', roleArn: 'arn:aws:iam::1:role/F' }).arn;
  }

  /** Makes a role that EventBridge may assume, and gives its ARN. */
  public role(name: string, actions: string[], region = this.region, service = 'events'): string {
    const { arn } = region.iam.createRole(name, trusting(service));
    if (actions.length > 0) { region.iam.putRolePolicy(name, 'p', { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] }); }
    return arn;
  }

  /** A rule of these targets. */
  public async rule(input: object, ...targets: object[]): Promise<string> {
    const { RuleArn } = await this.call('PutRule', { Name: 'r', ...input });
    if (targets.length > 0) { await this.call('PutTargets', { Rule: 'r', ...input, ...without(input), Targets: targets.map((target, index) => ({ Id: `t${index}`, ...target })) }); }
    return RuleArn;
  }

  /** Puts one event, and gives its id. */
  public async put(entry: object = {}, more: object = {}): Promise<string> {
    const { Entries: [{ EventId, ErrorMessage }] } = await this.call('PutEvents', { Entries: [{ Source: 'shop', DetailType: 'Sold', Detail: '{"n":1}', ...entry }] }, more);
    if (EventId === undefined) { throw new Error(ErrorMessage); }
    return EventId;
  }
}

/** The members of PutRule that PutTargets does not take. */
function without(input: any): object {
  return Object.fromEntries(Object.keys(input).filter((name) => name !== 'EventBusName').map((name) => [name, undefined]));
}

export const SHOP = JSON.stringify({ source: ['shop'] });
