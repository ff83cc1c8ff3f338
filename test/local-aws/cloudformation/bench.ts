import { Stack } from '../../../local-aws/cloudformation';
import { VirtualClock } from '../../../local-aws/kernel/clock';
import { Region, World } from '../../../local-aws/world';
import { UNTIL_DONE } from '../../harness/waiting';

/** Answers a custom resource's event: members of the answer, `null` for none at all, a string for a body of its own. */
export type Handler = (event: any, bench: Bench) => any;

/** A Region whose functions run in process, and a short way to its operations. */
export class Bench {
  public readonly world: World;
  public readonly region: Region;
  /** The events that functions got, in order. */
  public readonly asked: any[] = [];
  private readonly handlers: Record<string, Handler> = {};

  constructor(clock = new VirtualClock({ start: new Date('2026-01-01T00:00:00Z') })) {
    this.world = new World({
      clock,
      ...UNTIL_DONE,
      lambdaRunner: {
        run: async (fn, event: any) => {
          this.asked.push(event);
          const told = await this.handlers[fn.functionName](event, this);
          if (told !== null) { this.answer(event, told); }
          return {};
        },
      },
    });
    this.region = this.world.region('111111111111', 'us-east-1');
  }

  public get stacks() {
    return this.region.cloudformation;
  }

  public answer(event: any, told: any = {}): boolean {
    const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = `${LogicalResourceId}-id` } = event;
    const body = typeof told === 'string' ? told
      : JSON.stringify({ Status: 'SUCCESS', StackId, RequestId, LogicalResourceId, PhysicalResourceId, ...told });
    return this.stacks.respond(new URL(event.ResponseURL).pathname.split('/').pop()!, body);
  }

  /** For a handler that answers after its invocation is over. */
  public later(ms: number, event: any, told?: any): null {
    this.region.clock.at(this.region.clock.now() + ms, () => { this.answer(event, told); });
    return null;
  }

  /** Makes a function and gives its ARN. */
  public fn(name: string, handler: Handler = () => ({})): string {
    const known = name in this.handlers;
    this.handlers[name] = handler;
    const options = { functionName: name, zip: Buffer.alloc(0), handler: 'index.handler', roleArn: 'arn:aws:iam::111111111111:role/any', runtime: 'nodejs22.x' };
    return known ? this.region.arn('lambda', `function:${name}`) : this.region.lambda.create(options).arn;
  }

  /** An operation as a request brings it: with the clock held. */
  public op(name: string, input: any = {}): Promise<any> {
    const call = { region: this.region, principal: { account: this.region.account, arn: 'arn:aws:iam::111111111111:root' }, requestId: 'request' };
    return this.region.clock.run(async () => this.stacks.operations[name](input, call));
  }

  /** Creates or updates a stack and waits for its end. */
  public async deploy(name: string, written: any, more: any = {}): Promise<Stack> {
    const exists = this.stacks.find(name) !== undefined;
    await this.op(exists ? 'UpdateStack' : 'CreateStack', { StackName: name, TemplateBody: JSON.stringify(written), Capabilities: ['CAPABILITY_NAMED_IAM'], ...more });
    return this.stacks.find(name)!;
  }

  /** What happened in a stack, from its `from`th event: `logicalId STATUS`, the stack's own id left out. */
  public told(stack: Stack, from = 0): string[] {
    return stack.events.slice(from).filter(({ reason }) => reason !== 'Resource creation Initiated')
      .map(({ logicalId, status }) => logicalId === stack.name ? status : `${logicalId} ${status}`);
  }
}

/** A template of these resources. */
export function template(Resources: Record<string, any>, more: any = {}): any {
  return { Resources, ...more };
}

/** A custom resource. */
export function custom(ServiceToken: string, properties: any = {}, more: any = {}): any {
  return { Type: 'Custom::Thing', Properties: { ServiceToken, ...properties }, ...more };
}

/** A resource that is nothing but its record, of a type whose TopicName replaces and whose DisplayName does not. */
export function topic(properties: any = {}, more: any = {}): any {
  return { Type: 'AWS::SNS::Topic', Properties: properties, ...more };
}
