import { readFileSync, readdirSync, existsSync } from 'fs';
import { join } from 'path';
import { build, Metafile, Plugin } from 'esbuild';

/** What the SDK carries that no function here can reach, and what stands in its place. Each cut leaves retries, signing and endpoints whole. */
const CUTS: ReadonlyArray<{ readonly file: RegExp; readonly replace: (source: string, path: string) => string }> = [
  {
    // A function's credentials are in its environment, always.
    file: /@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    replace: () => 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
  },
  {
    // No operation of a JSON service that is called here streams.
    file: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    replace: () => 'export class EventStreamSerde { constructor() { throw new Error("Event streams are left out of this bundle: see lambda/bundle.ts."); } }',
  },
  {
    // Node always has crypto; this is what browsers compute with.
    file: /@smithy\/core\/dist-es\/submodules\/checksum\/sha256\/Sha256Js\.js$/,
    replace: () => 'export const Sha256Js = undefined;',
  },
  {
    // A function's Region is in its environment, and it has no instance metadata: this is what asking for it comes to.
    file: /@smithy\/core\/dist-es\/submodules\/config\/config-resolver\/regionConfig\/getInstanceMetadataRegion\.js$/,
    replace: () => 'export const getInstanceMetadataRegion = async () => undefined;',
  },
  {
    // Of the whole file only the version is read, for the user agent.
    file: /@aws-sdk\/client-[a-z-]+\/package\.json$/,
    replace: (source) => JSON.stringify({ version: JSON.parse(source).version }),
  },
  {
    // An error without a class of its own arrives as its service's base exception, with the same name and message, and handlers go by the name.
    file: /@aws-sdk\/client-[a-z-]+\/dist-es\/schemas\/schemas_0\.js$/,
    replace: (source, path) => spelledKeys(hasRetryableErrors(path) ? source : source.replace(/^n\d+_registry\.registerError\(.*\);$/gm, '')),
  },
];

/** Whether the SDK knows from an error's class, and only from there, that it may be tried again. */
function hasRetryableErrors(schemas: string): boolean {
  return readFileSync(join(schemas, '../../models/errors.js'), 'utf8').includes('$retryable');
}

/** The same schemas with `{ [_e]: …` written as `{ "error": …`: a computed key could have side effects, so esbuild keeps each unused schema that has one. */
function spelledKeys(schemas: string): string {
  const names = new Map(Array.from(schemas.matchAll(/^const (\w+) = ("[^"]*");$/gm), ([, name, literal]) => [name, literal]));
  return schemas.replace(/\[(\w+)\]: /g, (key, name) => (names.has(name) ? `${names.get(name)}: ` : key));
}

const cuts: Plugin = {
  name: 'cuts',
  setup({ onLoad }) {
    for (const { file, replace } of CUTS) {
      onLoad({ filter: file }, ({ path }) => ({
        contents: replace(readFileSync(path, 'utf8'), path),
        loader: path.endsWith('.json') ? 'json' : 'js',
      }));
    }
  },
};

/** Bundles each function's folder into one file; what went into it is in the answer. */
export async function bundle(entries: readonly string[], outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [...entries],
    outdir,
    outbase: __dirname,
    bundle: true,
    platform: 'node',
    target: 'node22',
    minify: true,
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    plugins: [cuts],
  });
  return metafile;
}

/** The entry of each function: a folder of this room with an index. */
export function entryPoints(): string[] {
  return readdirSync(__dirname).map((folder) => join(__dirname, folder, 'index.ts')).filter((path) => existsSync(path));
}

if (require.main === module) {
  void bundle(entryPoints(), join(__dirname, '../assets/lambda'));
}
