import { createHash } from 'crypto';
import { chmodSync, closeSync, copyFileSync, existsSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Bytes } from './graph';
import { WorldState } from './world-state';

/** The form of the files. */
const FORMAT = 1;
/** Set in the package by its build. In a clone, the code changes without notice. */
declare const INFERENCE_RECOMMENDER_BUILD: string | undefined;
const VERSION = `${FORMAT}/${typeof INFERENCE_RECOMMENDER_BUILD === 'undefined' ? 'clone' : INFERENCE_RECOMMENDER_BUILD}`;

/** Longer bytes have files of their own. */
const INLINE_BYTES = 1024;

/**
 * A folder that keeps a world between runs: `world.json`, and a file in `bytes` for each content of some size. A run holds `lock`, with its process id.
 * The state of a run replaces the earlier one as a whole, or not at all.
 */
export class StateFolder implements Bytes {
  private readonly used = new Set<string>();

  /** Takes the folder for this process. @throws an error if another process has it, or if it holds something else */
  constructor(private readonly path: string) {
    if (existsSync(path) && !existsSync(this.file('world.json')) && readdirSync(path).some((name) => !/^(lock(\.\d+)?|bytes|world\.json\.part|\.gitignore)$/.test(name))) {
      throw new Error(`The folder ${path} holds something else than the state of a rehearsal: give --state a folder that is empty or does not exist`);
    }
    mkdirSync(this.file('bytes'), { recursive: true, mode: 0o700 });
    // Nobody commits it by accident.
    writeFileSync(this.file('.gitignore'), '*\n');
    this.lock();
  }

  /** The state that the last run has left, if there was one. @throws an error if another version has written it */
  public read(): WorldState | undefined {
    const file = this.file('world.json');
    if (!existsSync(file)) { return undefined; }
    const { version, ...state } = JSON.parse(readFileSync(file, 'utf8'));
    if (version !== VERSION) {
      throw new Error(`The state in ${this.path} is of version ${version}, and this is version ${VERSION}: go on with that version, or delete the folder and begin anew`);
    }
    return state;
  }

  /** Replaces the state. */
  public write(state: WorldState): void {
    // It holds what the user's app has put into it: parameters, objects.
    this.replace('world.json', JSON.stringify({ version: VERSION, ...state }));
    for (const name of readdirSync(this.file('bytes'))) {
      if (!this.used.has(name)) { rmSync(this.file('bytes', name)); }
    }
  }

  public put(bytes: Buffer): string {
    if (bytes.length <= INLINE_BYTES) { return `inline:${bytes.toString('base64')}`; }
    const name = createHash('sha256').update(bytes).digest('hex');
    this.used.add(name);
    if (!existsSync(this.file('bytes', name))) { this.replace(join('bytes', name), bytes); }
    return name;
  }

  public putFile(path: string): string {
    const name = digestOf(path);
    this.used.add(name);
    if (!existsSync(this.file('bytes', name))) {
      const part = `${this.file('bytes', name)}.part`;
      copyFileSync(path, part);
      chmodSync(part, 0o600);
      renameSync(part, this.file('bytes', name));
    }
    return name;
  }

  public getFile(text: string, path: string): void {
    copyFileSync(this.file('bytes', text), path);
  }

  public get(text: string): Buffer {
    const [, inline] = /^inline:(.*)$/.exec(text) ?? [];
    return inline === undefined ? readFileSync(this.file('bytes', text)) : Buffer.from(inline, 'base64');
  }

  /** Gives the folder to the next run. */
  public close(): void {
    rmSync(this.file('lock'), { force: true });
  }

  private file(...names: string[]): string {
    return join(this.path, ...names);
  }

  private replace(name: string, content: string | Buffer): void {
    const part = `${this.file(name)}.part`;
    writeFileSync(part, content, { mode: 0o600 });
    renameSync(part, this.file(name));
  }

  private lock(): void {
    const [lock, own] = [this.file('lock'), this.file(`lock.${process.pid}`)];
    try {
      for (;;) {
        writeFileSync(own, `${process.pid} ${startOf(process.pid)}`, { mode: 0o600 });
        try {
          // Nobody finds it without its content.
          linkSync(own, lock);
          return;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') { throw error; }
        }
        const owner = read(lock);
        const [pid, start] = owner.split(' ');
        if (Number(pid) > 0 && startOf(Number(pid)) === start) {
          throw new Error(`Process ${pid} rehearses with the state in ${this.path}: wait for its end, or give --state another folder`);
        }
        // Its owner was killed. Of two processes that see this, one moves it away.
        try {
          renameSync(lock, own);
          if (read(own) !== owner) { linkSync(own, lock); }
        } catch { /* The other one has. */ }
      }
    } finally {
      rmSync(own, { force: true });
    }
  }
}

/** The SHA-256 of a file, which may be larger than the memory. */
function digestOf(path: string): string {
  const [hash, piece, file] = [createHash('sha256'), Buffer.alloc(1024 * 1024), openSync(path, 'r')];
  try {
    for (let length = readSync(file, piece); length > 0; length = readSync(file, piece)) { hash.update(piece.subarray(0, length)); }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** When a process has started, where the system tells it: another one may get its number. `undefined` if it does not run. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') { return undefined; }
  }
  const status = read(`/proc/${pid}/stat`);
  return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
