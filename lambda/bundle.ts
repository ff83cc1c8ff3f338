import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { build, Metafile, Plugin } from 'esbuild';
import { notice, packagesIn } from '../projenrc/notices';

/** Parts of the SDK that no function here can reach, and their replacements. No cut touches retries, signing or endpoints. */
const CUTS: ReadonlyArray<{ readonly file: RegExp; readonly replace: (source: string, path: string) => string; readonly loader?: 'js' }> = [
  {
    // A function's credentials are always in its environment.
    file: /@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    replace: () => 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
  },
  {
    // The functions call JSON services only, and none of the operations streams.
    file: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    replace: () => 'export class EventStreamSerde { constructor() { throw new Error("Event streams are left out of this bundle: see lambda/bundle.ts."); } }',
  },
  {
    // A function has no configuration file.
    file: /@smithy\/core\/dist-es\/submodules\/config\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    replace: () => 'export const CONFIG_PREFIX_SEPARATOR = "."; export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });',
  },
  {
    // It signs the messages of event streams.
    file: /@smithy\/signature-v4\/dist-es\/HeaderFormatter\.js$/,
    replace: () => 'export class HeaderFormatter {}',
  },
  {
    // Only browsers need this code: Node always has crypto.
    file: /@smithy\/core\/dist-es\/submodules\/checksum\/sha256\/Sha256Js\.js$/,
    replace: () => 'export const Sha256Js = undefined;',
  },
  {
    // It reads a browser's name.
    file: /createUserAgentStringParsingProvider\.js$/,
    replace: () => 'export const createUserAgentStringParsingProvider = undefined;',
  },
  {
    // A function has its Region in the environment and has no instance metadata, so the real code would also return undefined.
    file: /@smithy\/core\/dist-es\/submodules\/config\/config-resolver\/regionConfig\/getInstanceMetadataRegion\.js$/,
    replace: () => 'export const getInstanceMetadataRegion = async () => undefined;',
  },
  {
    // A function reads the trace of the store that Lambda's runtime made, or of the environment. Only the runtime fills such a store.
    file: /@aws\/lambda-invoke-store\/dist-es\/invoke-store\.js$/,
    replace: () => 'export const InvokeStore = { getInstanceAsync: async () => globalThis.awslambda?.InvokeStore };',
  },
  {
    // Only a warning at synth needs the known instance types: the service gets new ones.
    file: /src\/service\/shapes\/recommendation-job\.json$/,
    replace: (source) => JSON.stringify(JSON.parse(source, (name, shape) => (name === 'ProductionVariantInstanceType' && shape.enum ? { ...shape, enum: [] } : shape))),
  },
  {
    // It grows with the Regions and the types, and most events never read it: it is beside the bundles.
    file: /src\/service\/prices\.json$/,
    replace: () => `import { readFileSync } from 'fs';
      let table;
      export default { get regions() { return (table ??= JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8'))).regions; } };`,
    loader: 'js',
  },
  {
    // The SDK reads only the version, for the user agent.
    file: /@aws-sdk\/client-[a-z-]+\/package\.json$/,
    replace: (source) => JSON.stringify({ version: JSON.parse(source).version }),
  },
  {
    // Without its own class, an error arrives as its service's base exception with the same name and message. Handlers compare only names.
    file: /@aws-sdk\/client-[a-z-]+\/dist-es\/schemas\/schemas_0\.js$/,
    replace: (source, path) => spelledKeys(hasRetryableErrors(path) ? source : source.replace(/^n\d+_registry\.registerError\(.*\);$/gm, '')),
  },
];

/** Whether the SDK learns only from an error's class that it may retry the error. */
function hasRetryableErrors(schemas: string): boolean {
  return readFileSync(join(schemas, '../../models/errors.js'), 'utf8').includes('$retryable');
}

/** Replaces `{ [_e]: …` by `{ "error": …`: esbuild keeps an unused schema that has a computed key, because the key could have side effects. */
function spelledKeys(schemas: string): string {
  const names = new Map(Array.from(schemas.matchAll(/^const (\w+) = ("[^"]*");$/gm), ([, name, literal]) => [name, literal]));
  return schemas.replace(/\[(\w+)\]: /g, (key, name) => (names.has(name) ? `${names.get(name)}: ` : key));
}

const cuts: Plugin = {
  name: 'cuts',
  setup({ onLoad }) {
    for (const { file, replace, loader } of CUTS) {
      onLoad({ filter: file }, ({ path }) => ({
        contents: replace(readFileSync(path, 'utf8'), path),
        loader: loader ?? (path.endsWith('.json') ? 'json' : 'js'),
      }));
    }
  },
};

/** What a bundle reads at run time. */
const PRICES = join(__dirname, '../src/service/prices.json');

/** It alone reads XML: if it shared files with the others, each of them would load that. */
const ALONE = 'replica';

/**
 * Bundles each function's folder into a file of its name. What functions share, such as the SDK's core, is in files that each of them loads, with the table
 * of prices beside them. The result lists what each file contains.
 *
 * @param format of the files. Those of `cjs` share nothing.
 */
export async function bundle(entries: readonly string[], outdir: string, format: 'esm' | 'cjs' = 'esm'): Promise<Metafile> {
  const isModule = format === 'esm';
  const nameOf = (path: string) => basename(dirname(path));
  const made = await Promise.all([false, true].map((alone) => build({
    entryPoints: Object.fromEntries(entries.filter((path) => (nameOf(path) === ALONE) === alone).map((path) => [nameOf(path), path])),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format,
    splitting: isModule,
    chunkNames: 'shared-[hash]',
    outExtension: { '.js': isModule ? '.mjs' : '.js' },
    minify: true,
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    plugins: [cuts],
  })));
  const [shared, alone] = made.map(({ metafile: one }) => one);
  const metafile: Metafile = { inputs: { ...shared.inputs, ...alone.inputs }, outputs: { ...shared.outputs, ...alone.outputs } };
  const isRead = Object.values(metafile.outputs).some(({ inputs }) => Object.keys(inputs).some((input) => input.endsWith('src/service/prices.json')));
  if (isRead) { copyFileSync(PRICES, join(outdir, 'prices.json')); }
  return metafile;
}

/** The files that each function loads: its own, by whose name it is listed, and the shared ones. */
export function loadedFiles({ outputs }: Metafile): Map<string, string[]> {
  const loads = (file: string, seen: Set<string>): Set<string> => {
    if (!seen.has(file)) {
      seen.add(file);
      outputs[file].imports.filter(({ external }) => !external).forEach(({ path }) => loads(path, seen));
    }
    return seen;
  };
  const own = Object.keys(outputs).filter((file) => !basename(file).startsWith('shared-'));
  return new Map(own.map((file) => [basename(file).replace(/\.\w+$/, ''), [...loads(file, new Set())]]));
}

/** The entry of each function: each folder of this room that has an index. */
export function entryPoints(): string[] {
  return readdirSync(__dirname).map((folder) => join(__dirname, folder, 'index.ts')).filter((path) => existsSync(path));
}

/** Writes the licences of what is bundled: beside the bundles, because a deploy uploads their folder, and at the top of the package. */
export function writeNotices({ outputs }: Metafile, ...files: readonly string[]): void {
  const text = notice('cdk-sagemaker-inference-recommender', Object.values(outputs).flatMap((output) => packagesIn(output)));
  files.forEach((file) => writeFileSync(file, text));
}

if (require.main === module) {
  const outdir = join(__dirname, '../assets/lambda');
  // The names of shared files follow from their content: those of an earlier build would be left.
  rmSync(outdir, { recursive: true, force: true });
  void bundle(entryPoints(), outdir).then((metafile) => writeNotices(metafile, join(outdir, 'NOTICE'), join(__dirname, '../NOTICE')));
}
