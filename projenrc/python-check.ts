import { spawnSync } from 'child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { PythonSnippet } from './python-snippets';

const ROOT = join(__dirname, '..');
const EXAMPLES = join(ROOT, 'examples', 'python');

/** Wrong on purpose, each line in another way. The check must see every one of them. */
const CONTROL = [
  'from cdk_sagemaker_inference_recommender import BenchmarkTarget, InstanceType, TrafficPattern, TrafficPhase',
  'InstanceType.ML_C5_2XLARGE',
  'TrafficPattern.phases([TrafficPhase(initialNumberOfUsers=1)])',
  'BenchmarkTarget.from_package(1)',
  'TrafficPattern.phases([spawn_rate=1])',
  '',
].join('\n');
const CONTROL_LINES = [2, 3, 4, 5];

interface Diagnostic {
  readonly file: string;
  readonly severity: string;
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

/** Checks the types of Python examples against the generated package, and gives a sentence for each error. */
export function checkedPython(out: string, snippets: readonly PythonSnippet[]): string[] {
  const folder = join(out, 'typed');
  const files = new Map<string, string>();
  const write = (file: string, text: string, place: string) => {
    writeFileSync(join(folder, file), text);
    files.set(file, place);
  };
  mkdirSync(folder, { recursive: true });
  snippets.forEach(({ place, module }, index) => write(`snippet_${index}.py`, module, place));
  examples().forEach((name) => write(`example_${name.replace(/-/g, '_')}.py`, readFileSync(join(EXAMPLES, name, 'app.py'), 'utf8'), `examples/python/${name}/app.py`));
  write('control.py', CONTROL, 'control');
  const stubs = join(out, 'stubs');
  cpSync(join(ROOT, 'projenrc', 'python', 'stubs'), stubs, { recursive: true });
  writeFileSync(join(out, 'pyrightconfig.json'), JSON.stringify({
    include: ['typed'],
    extraPaths: [join(out, 'python', 'src'), stubs],
    pythonVersion: '3.10',
    typeCheckingMode: 'standard',
    // The stubs have only what our package is made of: of other modules, any name has any type.
    reportMissingImports: false,
    reportMissingModuleSource: false,
  }));
  // Without a path, Python's own packages are not found: the check is the same on each machine. The CDK's own types refuse its own classes, by names of parameters.
  const run = spawnSync(process.execPath, [require.resolve('pyright/index.js'), '--project', out, '--outputjson'], {
    encoding: 'utf8', maxBuffer: 1e8, env: { ...process.env, PATH: '' },
  });
  const diagnostics: Diagnostic[] = JSON.parse(run.stdout).generalDiagnostics.filter(({ severity }: Diagnostic) => severity === 'error');
  const named = diagnostics.map(({ file, message, range }) => ({ file: file.slice(folder.length + 1), message, line: range.start.line + 1 }));
  const seen = new Set(named.filter(({ file }) => file === 'control.py').map(({ line }) => line));
  const unseen = CONTROL_LINES.filter((line) => !seen.has(line)).map((line) => `The type checker does not see what is wrong with "${CONTROL.split('\n')[line - 1]}": its check proves nothing.`);
  return [...unseen, ...named.filter(({ file }) => file !== 'control.py').map(({ file, message, line }) => {
    const text = readFileSync(join(folder, file), 'utf8').split('\n')[line - 1].trim();
    return `${files.get(file)}: its Python is wrong: ${message}\n    ${text}`;
  })];
}

/** The folders of the examples in Python. */
export function examples(): string[] {
  return readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'app.py'))).sort();
}
