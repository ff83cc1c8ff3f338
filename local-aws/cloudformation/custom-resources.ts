import { ResourceFailure } from './engine/steps';
import { generatedName, guid } from './ids';
import { isObject } from './template/template';
import { DeleteRequest, lackingIn, Region, ResourceProvider, ResourceRequest, ResourceState, UpdateRequest, VirtualClock } from '../kernel';
import { Lambda } from '../lambda';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html (ServiceTimeout) */
const MAX_SECONDS = 3600;
/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html (the longest physical id as well) */
const MAX_ANSWER_BYTES = 4096;
const MAX_ID_BYTES = 1024;
const SIGNED_SECONDS = 7200;

/** The library's own resources are what is rehearsed. Such a one fails if it needs what is not here. */
const REHEARSED = /^Custom::Inference/;

interface Answer {
  readonly PhysicalResourceId: string;
  readonly Data: Record<string, unknown>;
  /** What the function needs and the local AWS lacks. */
  readonly lacking?: string;
}

interface Pending {
  readonly stackId: string;
  readonly answer: (body: string) => void;
  readonly giveUp: (reason: string) => void;
}

/**
 * Resources that a function of the user's creates: the function gets an event and answers to a URL:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export class CustomResources {
  /** The expected answers, by the token in the URL. */
  private readonly pending = new Map<string, Pending>();
  /** The time at which each URL expires, by its token. */
  private readonly signed = new Map<string, { readonly clock: VirtualClock; readonly until: number }>();
  private count = 0;

  public readonly provider: ResourceProvider = {
    create: async (request) => {
      // The id of the later Delete, if no answer gives another.
      const invented = generatedName(request.stackName, request.logicalId, `${request.stackId} ${this.count}`);
      return state(await this.ask(request, { RequestType: 'Create' }, invented));
    },
    update: async (request: UpdateRequest) => {
      const { physicalId, oldProperties } = request;
      return state(await this.ask(request, { RequestType: 'Update', PhysicalResourceId: physicalId, OldResourceProperties: oldProperties }));
    },
    delete: async (request: DeleteRequest) => {
      await this.ask(request, { RequestType: 'Delete', PhysicalResourceId: request.physicalId });
    },
  };

  /** Takes an answer, and ignores a late or repeated one. Returns whether the URL was still valid. */
  public respond(token: string, body: string): boolean {
    const url = this.signed.get(token);
    if (!url || url.clock.now() > url.until) { return false; }
    this.pending.get(token)?.answer(body);
    return true;
  }

  /** Whether an answer to a URL is still expected. */
  public awaits(token: string): boolean {
    return this.pending.has(token);
  }

  /** Stops the wait for the answers of a stack's creations and updates. */
  public interrupt(stackId: string): void {
    for (const waiting of this.pending.values()) {
      if (waiting.stackId === stackId) { waiting.giveUp('cancelled'); }
    }
  }

  private async ask(request: ResourceRequest, more: Record<string, unknown>, invented?: string): Promise<Answer> {
    const { region, stackId, logicalId, type, properties } = request;
    const arn = properties.ServiceToken;
    /** Stands for the answer of a function that needs what is not here. */
    const recorded = (lacking: string): Answer => ({ PhysicalResourceId: invented ?? String(more.PhysicalResourceId), Data: {}, lacking });
    if (typeof arn !== 'string' || !/^arn:[\w-]+:lambda:/.test(arn)) {
      if (arn === undefined) { throw new ResourceFailure('Property ServiceToken is required for a custom resource'); }
      return recorded(`The ServiceToken ${arn} is not part of the local AWS, which calls functions only`);
    }
    const seconds = Number(properties.ServiceTimeout ?? MAX_SECONDS);
    if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_SECONDS)) {
      throw new ResourceFailure(`Invalid ServiceTimeout ${properties.ServiceTimeout}: it must be an integer from 1 to ${MAX_SECONDS}`);
    }
    const id = guid(stackId, logicalId, 'request', this.count++);
    // Whoever has the URL may answer, so it cannot be guessed.
    const token = region.world.derive(`answer ${id}`).slice(0, 32);
    const signed = new Date(region.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
    const event = {
      ...more,
      ResponseURL: `${answersAt(region)}/cloudformation-response/${token}`
        + `?X-Amz-Date=${signed}&X-Amz-Expires=${SIGNED_SECONDS}&X-Amz-Signature=${region.world.derive(`signature ${id}`).slice(0, 32)}`,
      StackId: stackId,
      RequestId: id,
      ResourceType: type,
      LogicalResourceId: logicalId,
      ResourceProperties: properties,
      ServiceToken: arn,
    };
    this.signed.set(token, { clock: region.clock, until: region.clock.now() + SIGNED_SECONDS * 1000 });
    return region.clock.wait<Answer>((done, fail) => {
      const over = () => {
        this.pending.delete(token);
        cancelTimeout();
      };
      const refuse = (reason: string, physicalId = invented) => {
        over();
        fail(new ResourceFailure(reason, physicalId));
      };
      const cancelTimeout = region.clock.at(region.clock.now() + seconds * 1000, () => refuse(noAnswer(id)));
      this.pending.set(token, {
        stackId,
        answer: (body) => {
          const read = readAnswer(body, { StackId: stackId, RequestId: id, LogicalResourceId: logicalId });
          if ('refused' in read && (read.lacking === undefined || REHEARSED.test(type))) { return refuse(read.refused, read.physicalId); }
          over();
          return done('refused' in read ? recorded(read.lacking!) : read);
        },
        giveUp: () => {
          const { RequestType } = more;
          if (RequestType !== 'Delete') { refuse(`Resource ${RequestType === 'Create' ? 'creation' : 'update'} cancelled`); }
        },
      });
      // A function that fails of what is not here would not answer, and the stack would wait for an hour.
      const lacks = (what: string) => {
        if (!this.pending.has(token) || REHEARSED.test(type)) { return; }
        over();
        done(recorded(what));
      };
      void Promise.resolve().then(() => region.room(Lambda).invokeAsync(arn, event, lacks)).catch((error: Error) => refuse(error.message));
    });
  }
}

/** Where answers go. Handlers of other people send them to port 443 of the host, as AWS's URLs have it. */
function answersAt(region: Region): string {
  const host = `cloudformation-custom-resource-response-${region.name.replace(/-/g, '')}.s3.${region.name}.${region.urlSuffix}`;
  return region.room(Lambda).leadsAwsNames ? `https://${host}` : region.world.endpoint;
}

function state({ PhysicalResourceId, Data, lacking }: Answer): ResourceState {
  return { physicalId: PhysicalResourceId, attributes: Data, ...lacking !== undefined && { opaque: lacking } };
}

function noAnswer(requestId: string): string {
  return `CloudFormation did not receive a response from your custom resource. Please check your logs for requestId [${requestId}]. `
    + 'If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.';
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
function readAnswer(
  body: string, asked: Record<string, string>,
): Answer | { readonly refused: string; readonly physicalId?: string; readonly lacking?: string } {
  if (Buffer.byteLength(body) > MAX_ANSWER_BYTES) { return { refused: 'Response object is too long.' }; }
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    answer = undefined;
  }
  if (!isObject(answer)) { return { refused: 'Invalid response object: it is not a JSON object.' }; }
  const { Status, Reason, PhysicalResourceId, Data } = answer;
  const wrong = Object.keys(asked).find((name) => (answer as any)[name] !== asked[name]);
  if (wrong) { return { refused: `Invalid ${wrong}` }; }
  if (Status !== 'SUCCESS' && Status !== 'FAILED') { return { refused: 'Invalid Status' }; }
  if (typeof PhysicalResourceId !== 'string' || PhysicalResourceId === '' || Buffer.byteLength(PhysicalResourceId) > MAX_ID_BYTES) {
    return { refused: 'Invalid PhysicalResourceId' };
  }
  if (Status === 'FAILED') {
    const told = `Message returned: ${String(Reason ?? '')} (RequestId: ${asked.RequestId})`;
    return { refused: `Received response status [FAILED] from custom resource. ${told}`, physicalId: PhysicalResourceId, lacking: lackingIn(String(Reason)) };
  }
  if (Data !== undefined && Data !== null && !isObject(Data)) { return { refused: 'Invalid Data' }; }
  return { PhysicalResourceId, Data: Data ?? {} };
}
