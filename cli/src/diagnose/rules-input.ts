import type { Facts, ObjectFacts } from './facts';
import { PAGES, Rule, Saw } from './rule';
import { objectOf, prefixOf } from '../../../lambda/jobs/preflight/objects';

type Kind = 'payload' | 'artifact';
const WORDS: Readonly<Record<Kind, string>> = { payload: 'sample payload', artifact: 'model artifact' };

/** The archives that a job reads. The checks before a job use the same words, so a deploy that they have refused is recognized by them. */
export const INPUT_RULES: readonly Rule[] = [
  missing('payload', 'Name an object that is there, or let the library upload the files: `samplePayload: SamplePayload.fromAsset(folder)`.'),
  missing('artifact', 'Name an object that is there, or let the library upload the file: `modelData: ModelData.fromAsset(file)`.'),
  broken('payload', /sample payload \S+ (?:must be a tar archive|has no file)|payload.{0,60}(?:not a (?:gzip|tar|valid archive)|not in gzip format)/i,
    'Pack the requests, one in each file: `tar -czf payload.tar.gz FILES`. `SamplePayload.fromAsset(folder)` packs a folder for you. A text with the name payload.tar.gz is no archive.'),
  broken('artifact', /model artifact \S+ must be a tar archive|model\.tar\.gz.{0,80}(?:not a gzip|not in gzip format)|not in gzip format|does not look like a tar archive|Unable to (?:untar|unpack|extract).{0,40}model/i,
    'Pack the model: `tar -czf model.tar.gz FILES`, and upload it again, or let `ModelData.fromAsset(file)` do so.'),
  {
    id: 'nothing-in-s3',
    title: 'Nothing is in S3 where the job reads its model or adapters',
    says: /There is no object below the address of the \w+|The bucket of the (?:model|adapter|output) \S+ does not exist|No S3 objects found under|no objects? (?:were )?found (?:at|under|in) (?:the )?s3/i,
    remedy: 'Upload the files below the address, config.json and the weights as safetensors among them, or correct `model`, `adapters` or `outputBucket` of the job. An address ends with a slash: what is below it counts.',
    page: PAGES.generative,
    sees: ({ jobs }) => jobs.flatMap(({ places = [] }) => places.flatMap(({ place, looked }) => (
      prefixOf(place, looked).findings.map((text) => ({ source: `place ${place.address}`, text }))))),
    explains: ['input-unreadable', 'internal-error', 'model-error'],
    weight: 0.7,
  },
  {
    id: 'payload-too-large',
    title: 'A request of the sample payload is larger than an endpoint takes',
    says: /The file '.*' in the sample payload .* has \d+ bytes|oversize body|content length exceeded \d+ bytes|payload (?:size )?(?:is )?too large|Received client error \(413\)/i,
    remedy: 'Put smaller requests into `samplePayload`.',
    page: PAGES.prerequisites,
    sees: (facts) => objectFindings(facts, 'payload').filter(({ text }) => /^The file '/.test(text)),
    explains: ['payload-error', 'model-error'],
  },
  {
    id: 'payload-error',
    title: 'The service cannot send the sample payload',
    says: /PayloadError/,
    remedy: 'Look into the archive of `samplePayload`: it is in S3, has a file at least, none of them is empty, and each is what the model takes, for example an image and no text.',
    page: PAGES.troubleshooting,
    isSymptom: true,
  },
  {
    id: 'input-unreadable',
    title: 'The job cannot read an object in S3',
    says: /Could not access model data|Cannot access S3 key|cannot read its input|Failed to download (?:model )?data|NoSuchKey|NoSuchBucket|The specified (?:key|bucket) does not exist|there is no object at|Unable to download (?:the )?model/i,
    places: ['event', 'job', 'benchmark'],
    remedy: (_saw, { jobs }) => {
      const addresses = jobs.flatMap(({ needs }) => needs?.archives ?? []).map(({ address }) => address);
      return `Look whether ${addresses.join(' and ') || 'the object'} exists in the job's Region, and whether the role of the job may read it (s3:GetObject, and kms:Decrypt for an encrypted object).`
        + ' The role that the library makes may; for a `role` of your own, grant it.';
    },
    page: PAGES.roles,
    isSymptom: true,
  },
];

function missing(kind: Kind, remedy: string): Rule {
  return {
    id: `${kind}-missing`,
    title: `The ${WORDS[kind]} does not exist`,
    says: new RegExp(`(?:${WORDS[kind]} \\S+ does not exist|bucket of the ${WORDS[kind]} \\S+ does not exist)`, 'i'),
    remedy,
    page: PAGES.prerequisites,
    sees: (facts) => objectFindings(facts, kind).filter(({ text }) => / does not exist/.test(text)),
    explains: ['input-unreadable', 'payload-error', 'model-error'],
  };
}

function broken(kind: Kind, says: RegExp, remedy: string): Rule {
  return {
    id: `${kind}-not-an-archive`,
    title: `The ${WORDS[kind]} is no gzipped tar archive with files`,
    says,
    remedy,
    page: PAGES.prerequisites,
    sees: (facts) => objectFindings(facts, kind).filter(({ text }) => / must be a tar archive| has no file/.test(text)),
    explains: kind === 'payload' ? ['payload-error', 'model-error', 'input-unreadable'] : ['ping-failed', 'input-unreadable', 'model-error'],
  };
}

/** What the check before a job would say of the objects as they are now. */
function objectFindings({ jobs }: Facts, kind: Kind): Saw[] {
  return jobs.flatMap(({ objects, needs }) => objects.filter(({ archive }) => archive.kind === kind)
    .flatMap((one) => findingsOf(one, needs?.mostBytes ?? Infinity)));
}

function findingsOf({ archive, looked }: ObjectFacts, mostBytes: number): Saw[] {
  return objectOf(archive, looked, mostBytes).findings.map((text) => ({ source: `object ${archive.address}`, text }));
}
