import { Checked, finding, note, PASSED } from './checked';
import { archiveContent, archiveTrouble } from '../../../src/service/archive';
import type { JobArchive } from '../../../src/service/job-objects';
import { INVOKE_BODY_BYTES } from '../../../src/service/limits';
import type { ObjectBeginning, PrefixFinding } from '../../runtime/account';

/** A place in S3 that a job reads or writes. */
export interface JobPrefix {
  /** What is there, in a sentence, e.g. `model`. */
  readonly what: string;
  /** `s3://bucket/` or `s3://bucket/prefix/`. */
  readonly address: string;
  /** Whether there must be an object: the job reads it. */
  readonly isRead: boolean;
}

/** What a look below a prefix tells. */
export function prefixOf({ what, address, isRead }: JobPrefix, looked: PrefixFinding): Checked {
  switch (looked) {
    case 'no bucket': return finding(`The bucket of the ${what} ${address} does not exist: correct the address`);
    case 'empty': return isRead ? finding(`There is no object below the address of the ${what}, ${address}: upload it, or correct the address`) : PASSED;
    case 'unreadable': return note(`The ${what} ${address} was not looked at: the function may not list it, or its bucket is in another Region.`);
    case 'objects': return PASSED;
  }
}

const WHAT = { payload: 'sample payload', artifact: 'model artifact' };
const PACK = { payload: 'pack the files with `tar -czf payload.tar.gz`', artifact: 'pack the files with `tar -czf model.tar.gz`' };

/**
 * What the beginning of an archive tells.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-prerequisites.html (the sample payload)
 *
 * @param mostBytes the body of a request that an endpoint of this job takes at most
 */
export function objectOf({ kind, address }: JobArchive, looked: ObjectBeginning, mostBytes: number): Checked {
  const what = `${WHAT[kind]} ${address}`;
  switch (looked) {
    case 'missing': return finding(`The ${what} does not exist: upload it, or correct its address`);
    case 'no bucket': return finding(`The bucket of the ${what} does not exist: correct the address`);
    case 'unreadable': return note(`The ${what} was not looked at: the function may not read it, its key does not let the function decrypt it, or it is in another Region.`);
    default:
  }
  const { head, size } = looked;
  const trouble = archiveTrouble(head, size);
  if (trouble !== undefined) { return finding(`The ${what} must be a tar archive that is compressed with gzip, and ${trouble}: ${PACK[kind]}`); }
  if (kind === 'artifact') { return PASSED; }
  const { files, isWhole } = archiveContent(head, size);
  if (isWhole && files.length === 0) { return finding(`The ${what} has no file: ${PACK.payload}, one request in each`); }
  const largest = files.reduce((most, file) => (file.bytes > most.bytes ? file : most), { name: '', bytes: 0 });
  const found = `The file '${largest.name}' in the ${what} has ${largest.bytes} bytes`;
  if (largest.bytes > mostBytes) { return finding(`${found}, and a request may have at most ${mostBytes}: use smaller requests`); }
  return largest.bytes > INVOKE_BODY_BYTES.inModel && mostBytes > INVOKE_BODY_BYTES.inModel
    ? note(`${found}. AWS's pages have two limits for a request: ${INVOKE_BODY_BYTES.inModel} bytes and ${mostBytes}.`) : PASSED;
}
