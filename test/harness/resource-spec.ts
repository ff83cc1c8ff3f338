import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

interface Named { readonly type: string; readonly reference?: { readonly $ref: string }; readonly element?: Named }
interface Properties { readonly properties: Readonly<Record<string, { readonly type: any }>> }

/** The names of a resource type's properties as CloudFormation has them, nested: `A`, `A.B`. Lists count as what is in them. */
export function namesOf(resourceType: string): string[] {
  const database = loadAwsServiceSpecSync();
  const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', resourceType);
  const definitions = new Map(database.follow('usesType', resource).map(({ entity }) => [entity.$id as string, entity as Properties]));
  const walk = (owner: Properties, path: string): string[] => Object.entries(owner.properties).flatMap(([name, { type }]) => {
    let inner: Named = type;
    while (inner.type === 'array') { inner = inner.element!; }
    const definition = inner.type === 'ref' ? definitions.get(inner.reference!.$ref) : undefined;
    return [path + name, ...definition ? walk(definition, `${path}${name}.`) : []];
  });
  return walk(resource as Properties, '');
}

/** The names in a value, in the same form. Below a name that `known` ends with, keys are the user's own. */
export function namesIn(value: any, known: ReadonlySet<string>, path = ''): string[] {
  if (Array.isArray(value)) { return value.flatMap((inner) => namesIn(inner, known, path)); }
  if (typeof value !== 'object' || value === null) { return []; }
  const isOpen = path !== '' && ![...known].some((name) => name.startsWith(path));
  return isOpen ? [] : Object.entries(value).flatMap(([name, inner]) => [path + name, ...namesIn(inner, known, `${path}${name}.`)]);
}
