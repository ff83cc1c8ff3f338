import { parameterNames, RECOMMENDATION_ATTRIBUTES } from '../../src/api/contract';

/** Who writes below a path: what another has written meanwhile is left alone when this one goes. */
export interface Owner {
  readonly StackId: string;
  readonly LogicalResourceId: string;
}

/** Whether a recommendation writes a parameter, by its name: what others keep below the same path is left alone. */
export function isOurs(name: string, path: string): boolean {
  const { whole, explanation, field } = parameterNames(path);
  return [whole, explanation, ...RECOMMENDATION_ATTRIBUTES.map(field)].includes(name) || name.startsWith(field('Environment.'));
}

/** Of those below a path, the ones that a recommendation writes; the whole last, since whoever finds it finds all of it. */
export function ours(parameters: Readonly<Record<string, string>>, path: string): Record<string, string> {
  const { whole } = parameterNames(path);
  const names = Object.keys(parameters).filter((name) => isOurs(name, path) && name !== whole);
  return Object.fromEntries([...names, ...whole in parameters ? [whole] : []].map((name) => [name, parameters[name]]));
}

/** The recommendation that wrote below a path, if one is there. */
export function ownerOf(parameters: Readonly<Record<string, string>>, path: string): Owner | undefined {
  const whole = parameters[parameterNames(path).whole];
  return whole === undefined ? undefined : JSON.parse(whole).Owner;
}
