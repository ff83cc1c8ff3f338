import { readFileSync } from 'fs';
import { join } from 'path';
import { checker } from './generated-code';
import { preamble, PythonSnippet, withFixture } from './python-snippets';

// Code of other languages that people have written into documents.

const ROOT = join(__dirname, '..');
const DOCUMENTS = ['docs/languages.md'];
const FENCES = { python: 'python', java: 'java', csharp: 'dotnet', go: 'go' } as const;

interface Block {
  readonly fence: keyof typeof FENCES;
  readonly place: string;
  readonly text: string;
}

function blocks(): Block[] {
  return DOCUMENTS.flatMap((document) => {
    const markdown = readFileSync(join(ROOT, document), 'utf8');
    return [...markdown.matchAll(/^```(python|java|csharp|go)\n(.*?)^```$/gms)].map(({ 1: fence, 2: text, index }) => ({
      fence: fence as Block['fence'], text, place: `${document}:${markdown.slice(0, index).split('\n').length}`,
    }));
  });
}

/** Blocks that their grammar refuses. */
export async function brokenBlocks(): Promise<string[]> {
  const problems: string[] = [];
  for (const { fence, place, text } of blocks()) {
    const error = (await checker(FENCES[fence]))(text);
    if (error) { problems.push(`${place}: its ${fence} in line ${error}`); }
  }
  return problems;
}

/** Blocks of Python, which use the same names without saying so as the examples in TypeScript do. */
export function pythonBlocks(): PythonSnippet[] {
  const fixture = preamble(readFileSync(join(ROOT, 'rosetta', 'default.ts-fixture'), 'utf8'));
  const imports = ['from cdk_sagemaker_inference_recommender import *', ...fixture];
  return blocks().filter(({ fence }) => fence === 'python').map(({ place, text }) => ({ place, visible: text, module: withFixture(imports, text) }));
}
