import { toPascalCase, toSnakeCase } from 'codemaker';
import { jsiiAssembly } from '../../projenrc/assembly';

interface Type { readonly fqn?: string; readonly collection?: { readonly kind: string; readonly elementtype: Type } }
interface Parameter { readonly name: string; readonly type?: Type; readonly variadic?: boolean }
interface Member {
  readonly name: string;
  readonly static?: boolean;
  readonly const?: boolean;
  readonly type?: Type;
  readonly parameters?: readonly Parameter[];
}
interface Assembled {
  readonly name: string;
  readonly datatype?: boolean;
  readonly initializer?: Member;
  readonly methods?: readonly Member[];
  readonly properties?: readonly Member[];
}
type Types = Readonly<Record<string, Assembled>>;

const { types }: { types: Types } = jsiiAssembly();

/** Words that a member cannot have as its name, or only with an underscore that nobody expects. jsii warns of most of them. */
const KEYWORDS: Readonly<Record<string, string>> = {
  'Python': 'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass '
    + 'raise return try while with yield',
  'Java': 'abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for goto if '
    + 'implements import instanceof int interface long native new package private protected public return short static strictfp super switch synchronized '
    + 'this throw throws transient try void volatile while true false null',
  'C#': 'abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern '
    + 'false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params '
    + 'private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong '
    + 'unchecked unsafe ushort using virtual void volatile while',
  'Go': 'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var',
};
/** Methods of every object in Java and C#, which another method of the name would hide, or may not. */
const OBJECT_METHODS = ['clone', 'equals', 'finalize', 'getClass', 'hashCode', 'notify', 'notifyAll', 'wait', 'getHashCode', 'getType', 'memberwiseClone'];

const members = ({ methods = [], properties = [] }: Assembled): readonly Member[] => [...methods, ...properties];
const isStructs = (type: Type | undefined, all: Types): boolean => Boolean(type?.collection
  && (all[type.collection.elementtype.fqn ?? '']?.datatype || isStructs(type.collection.elementtype, all)));

/** Sentences about names that another language changes or refuses. */
function keywords(all: Types): string[] {
  return Object.values(all).flatMap((type) => members(type).flatMap(({ name, parameters = [] }) => [
    ...Object.entries(KEYWORDS).filter(([, words]) => words.split(' ').includes(name)).map(([language]) => `${type.name}.${name} is a keyword of ${language}`),
    ...parameters.flatMap((parameter) => Object.entries(KEYWORDS).filter(([, words]) => words.split(' ').includes(parameter.name))
      .map(([language]) => `${type.name}.${name}(${parameter.name}) is a keyword of ${language}`)),
  ]));
}

function objectMethods(all: Types): string[] {
  return Object.values(all).flatMap(({ name: type, methods = [] }) => methods.filter(({ name }) => OBJECT_METHODS.includes(name)).map(({ name }) => `${type}.${name}()`));
}

/** Members of a type that have one name in a language: snake case in Python, Pascal case in C# and Go, getters beside methods in Java. */
function collisions(all: Types): string[] {
  const written: Readonly<Record<string, (type: Assembled) => string[]>> = {
    'Python': (type) => members(type).map(({ name, const: isConst }) => (isConst ? name : toSnakeCase(name))),
    'C#': (type) => members(type).map(({ name, const: isConst }) => (isConst ? name : toPascalCase(name))),
    'Go': (type) => members(type).map(({ name, static: isStatic }) => `${isStatic ? `${type.name}_` : ''}${toPascalCase(name)}`),
    'Java': ({ methods = [], properties = [] }) => [
      ...methods.map(({ name }) => name), ...properties.filter((property) => !property.const).map(({ name }) => `get${toPascalCase(name)}`),
    ],
  };
  return Object.values(all).flatMap((type) => Object.entries(written).flatMap(([language, names]) => {
    const list = names(type);
    return [...new Set(list.filter((name, index) => list.indexOf(name) !== index))].map((name) => `${type.name}.${name} is there twice in ${language}`);
  }));
}

/** Lists of structs that are the last argument: jsii-rosetta writes them as keywords without a name, which is no Python. */
function lastLists(all: Types): string[] {
  return Object.values(all).flatMap((type) => [...type.methods ?? [], ...type.initializer ? [{ ...type.initializer, name: 'constructor' }] : []]
    .filter(({ parameters = [] }) => isStructs(parameters[parameters.length - 1]?.type, all)).map(({ name }) => `${type.name}.${name}()`));
}

/** Variadic structs: documentation shows them as keywords, and a call with keywords fails. */
function variadicStructs(all: Types): string[] {
  return Object.values(all).flatMap((type) => [...type.methods ?? [], ...type.initializer ? [{ ...type.initializer, name: 'constructor' }] : []]
    .filter(({ parameters = [] }) => parameters.some(({ variadic, type: of }) => variadic && all[of?.fqn ?? '']?.datatype)).map(({ name }) => `${type.name}.${name}()`));
}

test('no name is a keyword of another language', () => {
  expect(keywords(types)).toEqual([]);
  expect(objectMethods(types)).toEqual([]);
});

test('no two members of a type have one name in another language', () => {
  expect(collisions(types)).toEqual([]);
});

test('no struct is variadic, and a list of structs is a property', () => {
  expect(variadicStructs(types)).toEqual([]);
  // Examples of it name the list first: see `JobType`.
  expect(lastLists(types)).toEqual(['TrafficPattern.phases()']);
});

test('the rules see what they are for', () => {
  const list = { collection: { kind: 'array', elementtype: { fqn: 'a.Struct' } } };
  const bad: Types = {
    'a.Struct': { name: 'Struct', datatype: true, properties: [] },
    'a.Bad': {
      name: 'Bad',
      methods: [
        { name: 'lambda', parameters: [{ name: 'event' }] },
        { name: 'wait' },
        { name: 'getPath' },
        { name: 'all', parameters: [{ name: 'all', type: list }] },
        { name: 'each', parameters: [{ name: 'each', type: { fqn: 'a.Struct' }, variadic: true }] },
      ],
      properties: [{ name: 'path' }, { name: 'fooBar' }, { name: 'foo_bar' }],
    },
  };
  expect(keywords(bad)).toEqual(['Bad.lambda is a keyword of Python', 'Bad.lambda(event) is a keyword of C#']);
  expect(objectMethods(bad)).toEqual(['Bad.wait()']);
  expect(collisions(bad)).toEqual(expect.arrayContaining([
    'Bad.foo_bar is there twice in Python', 'Bad.FooBar is there twice in C#', 'Bad.FooBar is there twice in Go', 'Bad.getPath is there twice in Java',
  ]));
  expect(lastLists(bad)).toEqual(['Bad.all()']);
  expect(variadicStructs(bad)).toEqual(['Bad.each()']);
});
