import { IncomingHttpHeaders } from 'http';
import { AwsError } from '../kernel';

/** A request as it came over the wire, before any protocol has read it. */
export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

/** What a request asks for, once a protocol has read it. */
export interface Asked {
  readonly operation: string;
  readonly input: any;
}

/** One wire protocol of AWS: how a request is read and how an answer or an error is written. */
export interface Protocol {
  /** Throws an `AwsError` when the request is malformed. */
  read(request: WireRequest): Asked;
  answer(output: any, asked: Asked, requestId: string): WireAnswer;
  refuse(error: AwsError, requestId: string): WireAnswer;
  /** The error of this protocol for an operation that the service does not have. */
  unknown(operation: string): AwsError;
}

/** The value behind a key, never one inherited from Object. */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined;
}

/** Decodes a part of a path, or refuses it as AWS does. */
export function decodePath(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
