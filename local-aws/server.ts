import { createHash } from 'crypto';
import { createServer, IncomingMessage, Server as HttpServer, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import { Readable } from 'stream';
import { pipeline } from 'stream/promises';
import { AwsError, Call, Content, Principal, refuseUnreadable } from './kernel';
import { Identity, identityOf } from './sts';
import { Body, readBody } from './wire/body';
import { refuseWebPages } from './wire/door';
import { decodePath, own, WireAnswer, WireRequest } from './wire/protocol';
import { guessProtocol, guessService, protocolOf, Service, services } from './wire/services';
import { mismatch, readSignature, Signature } from './wire/signature';
import { Region, World } from './world';

const RESPONSE_PATH = '/cloudformation-response/';

export interface ServerOptions {
  readonly port: number;
  /** The Region of requests without one. */
  readonly region: string;
  /** The account of access keys without one. */
  readonly account: string;
}

interface RegionCall extends Call {
  readonly region: Region;
}

/** The server: one loopback port for every service, account and Region. */
export class Server {
  private readonly http: HttpServer;
  private port = 0;
  private requests = 0;

  constructor(private readonly world: World, private readonly options: ServerOptions) {
    this.http = createServer((request, response) => void this.handle(request, response));
    // On a busy machine, a waiting client must find its connection still open.
    this.http.keepAliveTimeout = 0;
  }

  /** Returns the port. */
  public listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(this.options.port, '127.0.0.1', () => {
        this.port = (this.http.address() as AddressInfo).port;
        resolve(this.port);
      });
    });
  }

  public close(): Promise<void> {
    return new Promise((resolve) => {
      this.http.close(() => resolve());
      this.http.closeAllConnections();
    });
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const head = headOf(incoming);
      const { failure, ...body } = await readBody(incoming, () => this.fileFor(head));
      const request = { ...head, ...body };
      const answer = await this.answer(request, failure);
      if (request.kept?.content.isOwned === false) { request.kept.content.drop(); }
      const part = typeof answer.body === 'object' && 'content' in answer.body ? answer.body : undefined;
      const length = part ? part.to - part.from : Buffer.byteLength(answer.body as string | Buffer);
      outgoing.writeHead(answer.status, {
        'Date': dateFor(request), 'X-Local-Aws-Time': new Date(this.world.clock.now()).toISOString(), 'Content-Length': length, ...answer.headers,
      });
      if (!part || request.method === 'HEAD') {
        outgoing.end(part ? '' : answer.body);
      } else {
        await pipeline(Readable.from(part.content.stream(part.from, part.to)), outgoing);
      }
    } catch {
      // The client has disconnected or sent something other than HTTP, so there is nobody to answer.
      outgoing.destroy();
    }
  }

  /** Where a large body goes: an upload to S3 that its signature proves, as far as it can be proved without the body. */
  private fileFor(head: WireRequest): string | undefined {
    try {
      refuseWebPages(head, this.port);
      const signature = readSignature(head);
      const isProved = signature?.service === 's3' && signature.matchesHead(this.identify(signature).secret);
      return isProved ? this.world.newFile() : undefined;
    } catch {
      return undefined;
    }
  }

  private async answer(request: WireRequest, failure: Body['failure']): Promise<WireAnswer> {
    const requestId = this.requestId();
    let service = own(services, guessService(request));
    try {
      refuseWebPages(request, this.port);
      if (request.path.startsWith(RESPONSE_PATH)) { return await this.world.clock.run(() => this.respond(request)); }
      const signature = readSignature(request);
      if (!signature) { throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403); }
      const { region = this.options.region, service: name } = signature;
      service = own(services, name);
      if (failure) { throw failure; }
      const principal = this.authenticate(signature);
      if (!service) { throw new AwsError('UnknownOperationException', `The service ${name.slice(0, 100)} is not part of the local AWS`, 501); }
      const known = service;
      const call = { region: this.world.region(principal.account, region), principal, requestId };
      return await this.world.clock.run(() => this.perform(name, known, request, call));
    } catch (error) {
      return (service ? protocolOf(service, request) : guessProtocol(request)).refuse(refusal(error), requestId);
    }
  }

  /** The caller, once its signature has proved it. */
  private authenticate(signature: Signature): Principal {
    const { principal, secret, token = '' } = this.identify(signature);
    if (!signature.matches(secret)) { throw mismatch('The request signature we calculated does not match the signature you provided.'); }
    if ((signature.sessionToken ?? '') !== token) {
      throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid: it does not belong to the access key.', 403);
    }
    return principal;
  }

  private identify({ accessKeyId, region = this.options.region }: Signature): Identity {
    return identityOf(this.world, accessKeyId, { account: this.options.account, region });
  }

  private async perform(name: string, service: Service, request: WireRequest, call: RegionCall): Promise<WireAnswer> {
    const protocol = protocolOf(service, request);
    const asked = protocol.read(request);
    const seen = () => ({
      service: name,
      operation: asked.operation,
      request: recordable(asked.input),
      principal: call.principal.arn,
      time: this.world.clock.now(),
    });
    const record = (status: number, error?: string) => this.world.record({ ...seen(), status, error });
    try {
      const operation = own(service.operations(call.region), asked.operation);
      if (!operation) { throw protocol.unknown(asked.operation); }
      this.world.trip(seen());
      refuseUnreadable(operation, asked.input);
      call.region.iam.check(call, name, asked.operation, asked.input);
      const answer = protocol.answer(await operation(asked.input, call), asked, call.requestId);
      this.world.lose(seen());
      record(answer.status);
      return answer;
    } catch (error) {
      const { code, message, status } = refusal(error);
      record(status, code);
      throw new AwsError(code, message, status);
    }
  }

  /** A custom resource's answer, sent to the pre-signed URL of its event. */
  private respond({ method, path, body }: WireRequest): WireAnswer {
    const token = decodePath(path.slice(RESPONSE_PATH.length));
    const taken = method === 'PUT' && this.world.allRegions().some(({ cloudformation }) => cloudformation.respond(token, body.toString('utf8')));
    if (!taken) { throw new AwsError('AccessDenied', 'Request has expired', 403); }
    return { status: 200, headers: {}, body: '' };
  }

  private requestId(): string {
    const digest = createHash('sha256').update(`request ${this.requests++}`).digest('hex');
    return [digest.slice(0, 8), digest.slice(8, 12), digest.slice(12, 16), digest.slice(16, 20), digest.slice(20, 32)].join('-');
  }
}

/** An error that is not AWS's own is a defect of the local AWS: it is printed here, and is not a 500, because clients would retry that. */
function refusal(error: unknown): AwsError {
  if (error instanceof AwsError) { return error; }
  console.error('The local AWS has a defect:', error);
  return new AwsError('InternalFailure', 'The local AWS has a defect: see its own output');
}

function headOf({ method = 'GET', url = '/', headers }: IncomingMessage): WireRequest {
  const [, path, query = ''] = /^([^?]*)\??(.*)$/s.exec(url)!;
  return { method, path, query: new URLSearchParams(query), headers, body: Buffer.alloc(0) };
}

/** A request in a form that may be recorded: without an upload's bytes, and without the pre-signed URL of a custom resource's answer. */
function recordable(input: any): unknown {
  const whole = input.Body instanceof Content ? { ...input, Body: `${input.Body.length} bytes` } : input;
  return JSON.parse(JSON.stringify(whole).replace(/(\/cloudformation-response\/)[^"\\\s]*/g, '$1***'));
}

/**
 * The client's own time. Clients outside use the wall clock and functions use the virtual one. The SDK treats a difference of
 * minutes as a wrong clock, and retries every refused request.
 */
function dateFor({ headers }: WireRequest): string {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(`${headers['x-amz-date']}`) ?? [];
  const signed = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return (isNaN(signed.getTime()) ? new Date() : signed).toUTCString();
}
