interface Resource { readonly Type: string; readonly DependsOn?: string | readonly string[] }

/** The logical ids that a value refers to by Ref, Fn::GetAtt or Fn::Sub: its implicit dependencies. */
function referredBy(value: any): string[] {
  if (typeof value !== 'object' || value === null) { return []; }
  if (Array.isArray(value)) { return value.flatMap(referredBy); }
  return Object.entries<any>(value).flatMap(([name, inner]) => {
    if (name === 'Ref') { return [inner]; }
    if (name === 'Fn::GetAtt') { return [Array.isArray(inner) ? inner[0] : inner.split('.')[0]]; }
    if (name !== 'Fn::Sub') { return referredBy(inner); }
    const [text, values = {}] = [inner].flat();
    const names = [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, found]) => found).filter((found) => !(found in values));
    return [...names.map((found) => found.split('.')[0]), ...referredBy(values)];
  });
}

/**
 * Each DependsOn on a resource that is referred to anyway, as cfn-lint's W3005 finds them.
 * Source: https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md
 */
export function redundantDependencies({ Resources = {} }: { readonly Resources?: Readonly<Record<string, Resource>> }): string[] {
  return Object.entries(Resources).flatMap(([id, { DependsOn = [], ...rest }]) => {
    const referred = new Set(referredBy(rest));
    return [DependsOn].flat().filter((target) => referred.has(target)).map((target) => `${id} (${rest.Type}) depends on ${target}`);
  });
}
