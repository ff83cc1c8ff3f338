import { toSnakeCase } from 'codemaker';
import { jsiiAssembly } from '../../projenrc/assembly';

interface Documented {
  readonly name: string;
  readonly docs?: { readonly summary?: string; readonly see?: string; readonly example?: string; readonly default?: string };
}
interface Method extends Documented { readonly parameters?: readonly Documented[] }
interface Property extends Documented { readonly optional?: boolean; readonly const?: boolean }
interface PublicType extends Documented {
  readonly kind: 'class' | 'enum' | 'interface';
  readonly datatype?: boolean;
  readonly initializer?: Method;
  readonly methods?: readonly Method[];
  readonly properties?: readonly Property[];
  readonly members?: readonly Documented[];
}

// What jsii tells other languages of the library.
const types = Object.values<PublicType>(jsiiAssembly().types);
const classes = types.filter(({ kind }) => kind === 'class');

/** Everything that has a name in other languages, with the path that a person finds it by. */
function named(): Array<readonly [string, Documented]> {
  return types.flatMap(({ name: type, docs, initializer, methods = [], properties = [], members = [] }) => [
    [type, { name: type, docs }] as const,
    ...[...methods, ...initializer ? [{ ...initializer, name: 'constructor' }] : []].flatMap(({ name, parameters = [], ...rest }) => [
      [`${type}.${name}()`, { name, ...rest }] as const,
      ...parameters.map((parameter) => [`${type}.${name}(${parameter.name})`, parameter] as const),
    ]),
    ...[...properties, ...members].map((member) => [`${type}.${member.name}`, member] as const),
  ]);
}

/** Words of a name: a capital begins one. */
function words(name: string): number {
  return name.match(/(^|[A-Z])[^A-Z]*/g)!.length;
}

function isBroken(name: string): boolean {
  return toSnakeCase(name).split('_').length !== words(name);
}

test('the walk sees the whole API', () => {
  expect(types.length).toBeGreaterThan(100);
  expect(named().length).toBeGreaterThan(700);
});

test('the package exports the API, and nothing else', () => {
  const exported = Object.keys(jest.requireActual('../../lib'));
  expect(exported.sort()).toEqual(types.filter(({ kind }) => kind !== 'interface').map(({ name }) => name).sort());
});

test('no name of a method, property or parameter breaks in snake case', () => {
  const inCamelCase = named().filter(([, { name }]) => /^[a-z]/.test(name));
  expect(inCamelCase.length).toBeGreaterThan(400);
  expect(inCamelCase.filter(([, { name }]) => isBroken(name)).map(([path]) => path)).toEqual([]);
});

test.each(['metricInvocation4XXErrors', 'volumeKMSKey'])('%s would break', (name) => {
  expect(isBroken(name)).toBe(true);
});

test('everything has its words: each member, each parameter', () => {
  // jsii keeps no summary of a constructor.
  const silent = named().filter(([path, { docs }]) => !docs?.summary && !path.endsWith('.constructor()'));
  expect(silent.map(([path]) => path)).toEqual([]);
});

test('each class has its source and one example', () => {
  expect(classes.filter(({ docs }) => !docs?.see).map(({ name }) => name)).toEqual([]);
  expect(classes.filter(({ docs }) => !docs?.example).map(({ name }) => name)).toEqual([]);
});

test('each optional prop has its default', () => {
  const optional = types.filter(({ datatype }) => datatype)
    .flatMap(({ name: type, properties = [] }) => properties.map((property) => [`${type}.${property.name}`, property] as const))
    .filter(([, property]) => property.optional);
  expect(optional.length).toBeGreaterThan(100);
  expect(optional.filter(([, { docs }]) => !docs?.default).map(([path]) => path)).toEqual([]);
});
