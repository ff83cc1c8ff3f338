import type { ResourceView } from './stack';
import { referencesOf } from './template';

/** An endpoint that a stack has deployed. */
export interface DeployedEndpoint {
  readonly name: string;
  readonly resource: ResourceView;
}

export function deployedEndpoints(resources: readonly ResourceView[]): DeployedEndpoint[] {
  return resources.flatMap((resource) => {
    const { type, status, physicalId } = resource;
    return type === 'AWS::SageMaker::Endpoint' && status !== 'DELETE_COMPLETE' && physicalId !== undefined ? [{ name: nameIn(physicalId), resource }] : [];
  });
}

/** The resources of a kind to which another one leads: by its references, by theirs, and so on. Behind one of that kind, the walk goes no further. */
export function nextBehind(from: ResourceView, resources: readonly ResourceView[], isWanted: (resource: ResourceView) => boolean): ResourceView[] {
  const seen = new Set([from]);
  // The set grows while it is walked.
  for (const resource of seen) {
    if (isWanted(resource)) { continue; }
    const ids = new Set(referencesOf(resource.properties));
    const texts = new Set(textsIn(resource.properties));
    const isNamed = (physicalId: string | undefined) => physicalId !== undefined && (texts.has(physicalId) || texts.has(nameIn(physicalId)));
    for (const one of resources) {
      if (one.stack === resource.stack && (ids.has(one.logicalId) || isNamed(one.physicalId))) { seen.add(one); }
    }
  }
  return [...seen].filter(isWanted);
}

/** A reference to what is deployed is resolved: then the name is all that is left of it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') { return [value]; }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A physical id may be an ARN. */
function nameIn(physicalId: string): string {
  return physicalId.split('/').pop()!;
}
