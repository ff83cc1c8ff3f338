// awslint on the compiled library. Its own command can neither read an assembly with intersection types nor say that an exclusion matches nothing.
import { ALL_RULES_LINTER, DiagnosticLevel } from 'awslint/lib';
import { CfnResourceReflection } from 'awslint/lib/rules/cfn-resource';
import { CoreTypes } from 'awslint/lib/rules/core-types';
import { ClassType, TypeSystem } from 'jsii-reflect';
import { AWSLINT_EXCLUSIONS, WITHOUT_L1 } from './awslint-exclusions';

/** An exclusion as a pattern of `rule:scope`. */
function patternOf(exclusion: string): RegExp {
  return new RegExp(`^${exclusion.split('*').map((part) => part.replace(/[.[\]<>]/g, '\\$&')).join('.*')}$`);
}

/** What is wrong, a line each. */
export async function lint(root: string): Promise<string[]> {
  const system = new TypeSystem();
  await system.load(root, { validate: false, supportedFeatures: ['intersection-types'] });
  const [assembly] = system.roots;
  const skipped = new Set<string>();
  const isResourceClass = CoreTypes.isResourceClass.bind(CoreTypes);
  // The linter stops at a class that extends `Resource` without an L1.
  CoreTypes.isResourceClass = (type: any) => {
    if (!isResourceClass(type)) { return undefined; }
    const { name, docs } = type as ClassType;
    if (CfnResourceReflection.findByName(type.system, docs.customTag('resource') ?? '')) { return true; }
    skipped.add(name);
    return undefined;
  };
  const findings = ALL_RULES_LINTER.eval(assembly as any, {});
  const errors = findings.filter(({ level }) => level === DiagnosticLevel.Error).map(({ rule, scope, message }) => ({ at: `${rule.code}:${scope}`, message }));
  const exclusions = AWSLINT_EXCLUSIONS.map(([exclusion]) => ({ exclusion, pattern: patternOf(exclusion) }));
  return [
    ...errors.filter(({ at }) => !exclusions.some(({ pattern }) => pattern.test(at))).map(({ at, message }) => `${at}: ${message}`),
    ...exclusions.filter(({ pattern }) => !errors.some(({ at }) => pattern.test(at))).map(({ exclusion }) => `The exclusion ${exclusion} matches nothing.`),
    ...WITHOUT_L1.filter((name) => !skipped.has(name)).map((name) => `${name} of WITHOUT_L1 has an L1, or is gone.`),
    ...[...skipped].filter((name) => !WITHOUT_L1.includes(name)).map((name) => `${name} has no L1: add \`@resource\` or an entry of WITHOUT_L1.`),
  ];
}

if (require.main === module) {
  void lint(process.cwd()).then((wrong) => {
    wrong.forEach((line) => console.error(line));
    process.exitCode = wrong.length > 0 ? 1 : 0;
  });
}
