import type { JobRecommendation } from '../../../lambda/jobs/family';
import { figureOf } from '../../../src/service/recommendation-kinds';
import { Endpoint, endpointOfRecommendation, endpointText, uncountedText } from '../subject/endpoint';

/** Instances, or concurrency. */
export function unitsOf({ instanceType, instanceCount, serverlessConfig }: JobRecommendation): number {
  return instanceType ? instanceCount : serverlessConfig?.MaxConcurrency ?? 1;
}

function isOfOwnPackage({ attributes: { ModelPackageArn } }: Pick<JobRecommendation, 'attributes'>): boolean {
  return ModelPackageArn !== undefined;
}

/** What a recommendation deploys, with as much of its environment as tells it from others. */
export function comparedEndpoint(one: JobRecommendation, counts?: Pick<Endpoint, 'instanceCount' | 'concurrency'>): Endpoint {
  const endpoint = endpointOfRecommendation(one, counts);
  return isOfOwnPackage(one) ? { ...endpoint, environment: {} } : endpoint;
}

/**
 * The specification of a compiled model, and all of a package that the job itself has made, have names of their own in each job. The environment of such
 * a package is the whole one of its container, with places in S3.
 */
function detailsOf({ isCompiled, environment, attributes }: JobRecommendation): string {
  if (isOfOwnPackage({ attributes })) { return ''; }
  const { InferenceSpecificationName: specification } = attributes;
  return [
    ...specification && !isCompiled ? [` (${specification})`] : [],
    ...Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ` ${name}=${value}`),
  ].join('');
}

export function labelOf(one: JobRecommendation): string {
  return endpointText(endpointOfRecommendation(one)) + detailsOf(one);
}

/** One label for both sides. */
export function pairLabel(one: JobRecommendation, other: JobRecommendation): string {
  return unitsOf(one) === unitsOf(other) ? labelOf(one) : `${withoutCount(one)} × ${unitsOf(one)} and × ${unitsOf(other)}`;
}

function withoutCount(one: JobRecommendation): string {
  return uncountedText(endpointOfRecommendation(one)) + detailsOf(one);
}

interface Matched {
  readonly pairs: ReadonlyArray<readonly [JobRecommendation, JobRecommendation]>;
  readonly onlyBefore: readonly JobRecommendation[];
  readonly onlyAfter: readonly JobRecommendation[];
}

/** Endpoints that are the same, then those that differ in their count alone. The order of the lists never counts. */
export function matched(before: readonly JobRecommendation[], after: readonly JobRecommendation[]): Matched {
  const same = paired(inOrder(before), inOrder(after), labelOf);
  const alike = paired(same.onlyBefore, same.onlyAfter, withoutCount);
  return { ...alike, pairs: [...same.pairs, ...alike.pairs] };
}

function paired(before: readonly JobRecommendation[], after: readonly JobRecommendation[], keyOf: (one: JobRecommendation) => string): Matched {
  const left = [...after];
  const pairs: Array<readonly [JobRecommendation, JobRecommendation]> = [];
  const onlyBefore = before.filter((one) => {
    const at = left.findIndex((other) => keyOf(other) === keyOf(one));
    if (at < 0) { return true; }
    pairs.push([one, ...left.splice(at, 1)] as unknown as readonly [JobRecommendation, JobRecommendation]);
    return false;
  });
  return { pairs, onlyBefore, onlyAfter: left };
}

/** Of two rows of the same endpoint, the figures decide the order: ids are other ones in each job. */
function inOrder(all: readonly JobRecommendation[]): JobRecommendation[] {
  const known = (figure: number) => (Number.isNaN(figure) ? Number.MAX_VALUE : figure);
  const names = [...new Set(all.flatMap(({ figures }) => Object.keys(figures)))].sort();
  const keyed = all.map((one) => ({ one, key: labelOf(one), figures: names.map((name) => known(figureOf(one.figures, name))) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.figures
    .map((figure, index) => figure - b.figures[index]).find((difference) => difference !== 0) ?? 0)).map(({ one }) => one);
}
