import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { dirname, join, relative } from 'path';
import { API_PAGES, documents } from '../../projenrc/documents';

const ROOT = join(__dirname, '..', '..');
const REPOSITORY = 'https://github.com/cdk-sagemaker-inference-recommender/cdk-sagemaker-inference-recommender';
/** READMEs that npm shows, by the package.json beside each. */
const PUBLISHED = ['README.md', 'cli/README.md'];

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const pages = (): string[] => readdirSync(join(ROOT, API_PAGES)).map((name) => `${API_PAGES}/${name}`);

/** A document without its code: what looks like a link or a heading there is none. */
const prose = (text: string): string => text.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1\s*$/gm, '');
const withoutSpans = (text: string): string => text.replace(/(`+)[^\n]*?\1/g, '');

/** Where a document's links and pictures lead. */
function targets(text: string): string[] {
  const plain = withoutSpans(prose(text));
  return [...plain.matchAll(/\]\(([^()\s]+)\)/g), ...plain.matchAll(/\b(?:href|src)="([^"]+)"/g)].map(([, target]) => target);
}

/** The names by which a link reaches a place in a document: GitHub's of the headings, and those that it gives itself. */
function anchors(text: string): Set<string> {
  const found = new Set(Array.from(text.matchAll(/<a [^>]*\bid="([^"]+)"/g), ([, id]) => id));
  for (const [, heading] of prose(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const shown = heading.replace(/<[^>]+>/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = shown.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    let name = slug;
    for (let times = 1; found.has(name); times++) { name = `${slug}-${times}`; }
    found.add(name);
  }
  return found;
}

/** What is wrong with a link of a document, if anything is. */
function wrong(from: string, target: string, anchorsOf: (path: string) => Set<string>): string | undefined {
  const own = target.startsWith(`${REPOSITORY}/blob/main/`) || target.startsWith(`${REPOSITORY}/tree/main/`);
  if (!own && /^[a-z]+:/.test(target)) { return undefined; }
  const [address, anchor] = (own ? target.replace(/^.*?\/(?:blob|tree)\/main\//, '') : target).split('#');
  const path = own ? address : address === '' ? from : relative(ROOT, join(ROOT, dirname(from), address));
  if (!own && address.startsWith('/')) { return 'begins with a slash: npm takes it for another place than GitHub does'; }
  if (path.startsWith('..')) { return 'leads out of the repository'; }
  if (!existsSync(join(ROOT, path))) { return 'leads to no file'; }
  if (anchor === undefined) { return undefined; }
  if (!path.endsWith('.md')) { return /^L\d+(-L\d+)?$/.test(anchor) ? undefined : 'has an anchor in what is no document'; }
  return anchorsOf(path).has(anchor) ? undefined : 'leads to no heading';
}

function wrongIn(paths: readonly string[]): string[] {
  const known = new Map<string, Set<string>>();
  const anchorsOf = (path: string): Set<string> => {
    if (!known.has(path)) { known.set(path, anchors(read(path))); }
    return known.get(path)!;
  };
  return paths.flatMap((from) => [...new Set(targets(read(from)))].flatMap((target) => {
    const why = wrong(from, target, anchorsOf);
    return why === undefined ? [] : [`${from}: ${target} ${why}`];
  }));
}

test('links, anchors and pictures of the documents lead somewhere', () => {
  expect(documents()).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'README.md', 'cli/README.md', 'docs/README.md', 'docs/cost.md', 'local-aws/README.md']));
  expect(wrongIn(documents())).toEqual([]);
});

test('so do those of the API reference', () => {
  expect(pages().length).toBeGreaterThan(100);
  expect(wrongIn(pages())).toEqual([]);
});

test('what is broken is found', () => {
  const text = '# A `b` c\n## A b c\n[a](#a-b-c) [b](#a-b-c-1) [c](#d) [d](nothing.md) [e](/docs) [f](../docs) ![g](g.png) `[h](h.md)`\n```ts\n[i](i.md)\n```\n';
  expect(targets(text).flatMap((target) => wrong('README.md', target, () => anchors(text)) ?? [])).toEqual([
    'leads to no heading', 'leads to no file', expect.stringMatching(/^begins with a slash/), 'leads out of the repository', 'leads to no file',
  ]);
});

// npm shows a README's relative links as those of the repository at HEAD, below `directory`, also links to files that are not in the package.
test.each(PUBLISHED)('npm finds the files that %s links to', (path) => {
  const { repository } = JSON.parse(read(join(dirname(path), 'package.json')));
  expect(repository.url).toBe(`${REPOSITORY}.git`);
  expect(repository.directory ?? '.').toBe(dirname(path));
});

test('the README is short, and its example comes first', () => {
  const text = read('README.md');
  expect(text.split(/\s+/).length).toBeLessThan(1_000);
  const [example] = text.match(/^```ts nofixture\n[\s\S]*?^```/m)!;
  expect(example.split('\n').length - 2).toBeLessThanOrEqual(25);
  expect(text.slice(0, text.indexOf(example)).match(/^## .*$/gm)).toHaveLength(1);
});

test('the index of the documents has each page', () => {
  const linked = targets(read('docs/README.md')).map((target) => target.split('#')[0]);
  expect(readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md' && !linked.includes(name))).toEqual([]);
  expect(readdirSync(join(ROOT, 'examples')).filter((name) => statSync(join(ROOT, 'examples', name)).isDirectory()
    && existsSync(join(ROOT, 'examples', name, 'README.md')) && !linked.includes(`../examples/${name}/README.md`))).toEqual([]);
});

test('a page begins with its title, what the reader gets, and an example', () => {
  const tasks = ['background', 'benchmarking', 'choosing', 'cost', 'generative', 'hosting', 'many-stacks', 'registry', 'rehearsal', 'security', 'troubleshooting'];
  for (const task of tasks) {
    const head = read(`docs/${task}.md`).split('\n').slice(0, 14).join('\n');
    expect([task, head]).toEqual([task, expect.stringMatching(/^# [^\n]+\n\n[A-Z][^\n]+[\s\S]*?^```(ts|sh)$/m)]);
  }
});

/** How the source gives a warning its id: directly, as a rule of the service, or in a table of rules. */
const GIVES = [/\bwarn(?:ing)?\(\s*(?:[\w.]+, )?'(\w+)'/g, /\byield\* should\([^\n]*?'(\w+)', \[/g, /\brule: '(\w+)'/g];
/** `should()` also has the names of these members as ids. */
const MEMBERS = ['MaxNumberOfTests', 'MaxParallelOfTests'];

test('the troubleshooting names each warning, and no other', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => read(join('src', name))).join('\n');
  const given = new Set([...MEMBERS, ...GIVES.flatMap((form) => Array.from(sources.matchAll(form), ([, id]) => id))]);
  const rows = read('docs/troubleshooting.md').split('| id | says that |')[1].split('\n\n')[0].split('\n').slice(2);
  const named = rows.flatMap((row) => Array.from(row.split(' | ')[0].matchAll(/`(\w+)`/g), ([, id]) => id));
  expect(named.filter((id, index) => named.indexOf(id) !== index)).toEqual([]);
  expect([...named].sort()).toEqual([...given].sort());
});
