import { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import { Token } from 'aws-cdk-lib/core';
import { S3Object } from '../../model-package/s3-object';

/** A workload, after it is added to a stack. */
export interface BoundWorkload {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly channels: ReadonlyArray<{ readonly channelName: string; readonly object: S3Object }>;
  readonly secrets: readonly ISecretRef[];
  readonly usesDataset: boolean;
}

/** @throws if the end of a key or a URI is no known name: the benchmark finds the file in its container by it */
export function fileOf(place: string): string {
  const file = place.slice(place.lastIndexOf('/') + 1);
  if (file === '' || Token.isUnresolved(file) || /\s/.test(file)) {
    throw new Error(`\`template\` must be one file whose name is known at synth and has no white space, got: '${place}'.`
      + ' The benchmark finds the file in its container by this name.');
  }
  return file;
}
