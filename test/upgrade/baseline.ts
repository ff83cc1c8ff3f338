import { createHash } from 'crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'zlib';

/** The assembly that an earlier commit's library makes of the app, with its functions. */
export interface Baseline {
  /** The earlier commit. */
  readonly commit: string;
  /** What the app was when the assembly was made. */
  readonly app: string;
  /** Files of the assembly by their paths, as base64 where they are no text. */
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
}

export const FILE = join(__dirname, 'baseline.json.br');

/** A hash of the app that both versions deploy: a changed app makes a changed stack, whatever the version. */
export function appHash(): string {
  return createHash('sha256').update(readFileSync(join(__dirname, 'apps.ts'), 'utf8').replace(/\r\n/g, '\n')).digest('hex');
}

export function readBaseline(): Baseline {
  return JSON.parse(brotliDecompressSync(readFileSync(FILE)).toString('utf8'));
}

/** @returns the number of bytes that were written */
export function writeBaseline(assembly: string, commit: string): number {
  const paths = readdirSync(assembly, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(assembly.length + 1).replace(/\\/g, '/')).filter(isDeployed).sort();
  const files = Object.fromEntries(paths.map((path) => [path, contentOf(readFileSync(join(assembly, path)))]));
  const text = Buffer.from(JSON.stringify({ commit, app: appHash(), files }));
  // The functions share most of their code: the window must hold all of them.
  const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT, BROTLI_MAX_WINDOW_BITS } = constants;
  const content = brotliCompressSync(text, { params: { [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS, [BROTLI_PARAM_SIZE_HINT]: text.length } });
  writeFileSync(FILE, content);
  return content.length;
}

/** Writes the assembly into a folder. */
export function unpack({ files }: Baseline, folder: string): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'));
  }
}

/** What a deploy reads: templates, and assets with their lists. */
function isDeployed(path: string): boolean {
  return /^asset\.|\.(?:template|assets)\.json$/.test(path);
}

function contentOf(content: Buffer): Baseline['files'][string] {
  const text = content.toString('utf8');
  return Buffer.from(text, 'utf8').equals(content) ? text : { base64: content.toString('base64') };
}
