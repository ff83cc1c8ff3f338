import { checkProp } from './check';

/**
 * Judges props of a struct, each by its shape. What is said of one names its place: `containers[0].frameworkVersion`.
 *
 * @throws a sentence that names the prop, what was got and what was expected
 */
export function checkMembers<T extends object>(at: string, struct: T, shapes: { readonly [K in keyof T]?: string }): void {
  for (const [name, shape] of Object.entries(shapes) as Array<[keyof T & string, string]>) {
    checkProp(at === '' ? name : `${at}.${name}`, shape, struct[name]);
  }
}
