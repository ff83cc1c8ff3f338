import { readdirSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..');
/** Folders that have documents for people. Others have packages of others, or what is built. */
const FOLDERS = ['.github', 'cli', 'docs', 'examples', 'local-aws', 'test'];

const documentsIn = (folder: string): string[] => readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  if (entry.isDirectory()) {
    return (folder === '' && !FOLDERS.includes(entry.name)) || ['node_modules', 'cdk.out', 'dist'].includes(entry.name) ? [] : documentsIn(path);
  }
  return entry.name.endsWith('.md') ? [path] : [];
});

/** Where the pages of the API reference are, which are written from the code and its docstrings. */
export const API_PAGES = 'docs/api';

/** The repository's documents that people write, and those that say what is generated from them, by their paths. */
export const documents = (): readonly string[] => documentsIn('').filter((path) => !path.startsWith(`${API_PAGES}/`)).sort();
