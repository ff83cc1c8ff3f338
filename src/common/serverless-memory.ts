import { Size, Token } from 'aws-cdk-lib/core';
import { checkProp } from './check';
import { SERVERLESS_MEMORY_STEP_MB } from '../service/job-rules';

/** A serverless endpoint's memory in MB, which is chosen from a list: 1 to 6 GiB in steps of 1 GiB. */
export function serverlessMemory(memorySize: Size, prop = 'memorySize'): number {
  const megabytes = memorySize.toMebibytes();
  checkProp(prop, 'ServerlessMemorySizeInMB', megabytes);
  if (!Token.isUnresolved(megabytes) && megabytes % SERVERLESS_MEMORY_STEP_MB !== 0) {
    throw new Error(`\`${prop}\` must be a multiple of ${SERVERLESS_MEMORY_STEP_MB} MiB, got: ${megabytes} MiB.`);
  }
  return megabytes;
}
