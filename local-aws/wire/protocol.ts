import { IncomingHttpHeaders } from 'http';
import { Chunk } from './aws-chunked';
import { AwsError, Content } from '../kernel';

/** The body of an upload that is too large for the memory. */
export interface KeptBody {
  readonly content: Content;
  /** Of the body as it was sent. */
  readonly sha256: string;
  /** If it was framed. */
  readonly chunks?: readonly Chunk[];
}

/** A request from the wire, before a protocol has read it. */
export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** An upload that is not in `body`, because it is too large. */
  readonly kept?: KeptBody;
}

/** A part of an object, or all of it. */
export interface ContentPart {
  readonly content: Content;
  readonly from: number;
  readonly to: number;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer | ContentPart;
}

/** The content of a request, after a protocol has read it. */
export interface Asked {
  readonly operation: string;
  readonly input: any;
}

/** One wire protocol of AWS: it reads requests, and writes answers and errors. */
export interface Protocol {
  /** Throws an `AwsError` if the request is malformed. */
  read(request: WireRequest): Asked;
  answer(output: any, asked: Asked, requestId: string): WireAnswer;
  refuse(error: AwsError, requestId: string): WireAnswer;
  /** This protocol's error for an unknown operation. */
  unknown(operation: string): AwsError;
}

/** The own value of a key, never one inherited from Object. */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined;
}

/** The bucket that a request for S3 names in its host: `bucket.localhost`, or in a function as on AWS `bucket.s3.us-east-1.amazonaws.com`. */
export function virtualBucket({ headers }: WireRequest): string | undefined {
  return /^(.+)\.(?:localhost|s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?)(?::\d+)?$/i.exec(headers.host ?? '')?.[1];
}

/** Decodes a part of a path; AWS's error if it is invalid. */
export function decodePath(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
