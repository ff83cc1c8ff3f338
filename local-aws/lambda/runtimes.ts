import { spawnSync } from 'child_process';
import { existsSync } from 'fs';
import { devNull, homedir } from 'os';
import { delimiter, join } from 'path';
import { LambdaFunction } from './runner';
import { AWS_NAMES } from '../kernel';

/** What leads the connections of a process to the local AWS: a script of Node.js, and a folder of Python. */
export const LEADS = { node: join(__dirname, 'connections.js'), python: join(__dirname, 'python') };

/** How a function's process starts. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Where the parts of a function are on this machine. */
export interface Place {
  /** The function's code. */
  readonly directory: string;
  /** What Lambda has in `/opt`: the function's layers. */
  readonly opt?: string;
}

/** What npm needs of the user's environment. */
const OF_NPM = /^(PATH|HOME|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|npm_config_.*)$/i;

/** The cache of what Lambda's runtime has and an app lacks. */
function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'inference-recommender', 'aws-sdk');
}

/** Why functions of a runtime do not run here, or nothing if they do. */
export function unrunnable(runtime: string, app: string): string | undefined {
  if (runtime === 'image') { return 'its code is an image, and containers are not part of the local AWS'; }
  if (/^nodejs/.test(runtime)) { return undefined; }
  if (!/^python3/.test(runtime)) { return `${runtime} is not part of the local AWS, which runs Node.js and Python`; }
  return pythonOf(app) === undefined ? `${runtime} is not part of the local AWS without a python3 on the PATH` : undefined;
}

/** The program that runs a function's code. Its connections lead to the local AWS, and nothing of the user's own configuration is found. */
export function programOf(fn: LambdaFunction, app: string, { directory, opt }: Place): Program {
  const { endpoint } = fn.region.world;
  const found = (...parts: string[]) => (opt && existsSync(join(opt, ...parts)) ? [join(opt, ...parts)] : []);
  const path = [...found('bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);
  const led = {
    LOCAL_AWS_ENDPOINT: endpoint,
    LOCAL_AWS_NAMES: AWS_NAMES,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: endpoint,
    LAMBDA_TASK_ROOT: directory,
    // A function that installs the newest SDK would wait for npm's retries. It goes on with the SDK that is here.
    npm_config_offline: 'true',
    PATH: path,
    ...opt && { LOCAL_AWS_OPT: opt },
  };
  if (/^python/.test(fn.runtime)) {
    const given = fn.environment.PYTHONPATH?.split(delimiter) ?? [];
    return {
      file: pythonOf(app)!,
      args: ['-u', join(LEADS.python, 'bootstrap.py')],
      environment: { ...led, PYTHONPATH: [LEADS.python, ...given, ...found('python')].join(delimiter), PYTHONDONTWRITEBYTECODE: '1' },
    };
  }
  const npm = { HOME: homedir(), ...Object.fromEntries(Object.entries(process.env).filter(([name]) => OF_NPM.test(name))) };
  const options = [`--require ${JSON.stringify(LEADS.node)}`, fn.environment.NODE_OPTIONS ?? ''].join(' ').trim();
  return {
    file: process.execPath,
    args: [join(__dirname, 'bootstrap.js')],
    environment: {
      ...led,
      NODE_OPTIONS: options,
      NODE_PATH: [...found('nodejs', 'node_modules'), ...fn.environment.NODE_PATH?.split(delimiter) ?? []].join(delimiter),
      LOCAL_AWS_SDK: JSON.stringify({ app, cache: cacheFolder(), npm }),
    },
  };
}

const pythons = new Map<string, string | undefined>();

/** The Python of the app's virtual environment, or the one on the PATH. */
function pythonOf(app: string): string | undefined {
  if (!pythons.has(app)) {
    const own = join(app, '.venv', 'bin', 'python3');
    const name = existsSync(own) ? own : 'python3';
    const { status, stdout } = spawnSync(name, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
    pythons.set(app, status === 0 ? stdout.trim() : undefined);
  }
  return pythons.get(app);
}
