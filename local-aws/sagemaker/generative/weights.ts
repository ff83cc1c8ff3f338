import { Region } from '../../kernel';
import { S3 } from '../../s3';
import { digest } from '../benchmarks';

/** Sizes of common models in GB, at 16 bit: a model without weights here gets one of them. */
const COMMON_GB = [1, 3, 8, 14, 16, 28, 62];
/** Objects that are smaller together are no weights, but stand for some. */
const LEAST_BYTES = 100e6;
/** The index of a checkpoint in several files tells its size: https://huggingface.co/docs/transformers/main/en/big_models */
const INDEX = /model\.safetensors\.index\.json$/;

/**
 * GB of the weights at a location in S3: of the index if there is one, else of all objects there. Where neither tells a size, it is one of the common ones, always the
 * same for the same folder.
 */
export function weightsGb(uri: string, region: Region): number {
  const [, bucketName = '', key = uri] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  const bucket = region.room(S3).find(bucketName);
  // With and without a slash at its end, it is the same folder, and not its neighbour.
  const folder = key.replace(/(?<=[^/])$/, '/');
  const objects = bucket?.account === region.account ? [...bucket.objects].filter(([name]) => name === key || name.startsWith(folder)) : [];
  const [, index] = objects.find(([name]) => INDEX.test(name)) ?? [];
  const bytes = (index && totalIn(index.content.bytes())) ?? objects.reduce((sum, [, { content }]) => sum + content.length, 0);
  return bytes >= LEAST_BYTES ? bytes / 1e9 : COMMON_GB[parseInt(digest(folder).slice(0, 8), 16) % COMMON_GB.length];
}

function totalIn(text: Buffer): number | undefined {
  try {
    const total = JSON.parse(text.toString()).metadata?.total_size;
    return typeof total === 'number' ? total : undefined;
  } catch {
    return undefined;
  }
}
