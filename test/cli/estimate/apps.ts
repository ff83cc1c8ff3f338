import { mkdtempSync, rmSync } from 'fs';
import os from 'os';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { estimate } from '../../../cli/src/estimate/estimate';

const SCRATCH = mkdtempSync(join(os.tmpdir(), 'estimate-'));
afterAll(() => rmSync(SCRATCH, { recursive: true }));

export function scratch(name: string): string {
  return join(mkdtempSync(join(SCRATCH, 'files-')), name);
}

/** The folder that `cdk synth` writes for an app. */
export function synthesized(build: (app: App) => void): string {
  const context = { 'aws:cdk:disable-asset-staging': true, 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };
  const app = new App({ outdir: mkdtempSync(join(SCRATCH, 'cdk.out-')), analyticsReporting: false, context });
  build(app);
  return app.synth().directory;
}

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What the verb says. */
export async function estimated(...args: string[]): Promise<Said> {
  const said = { out: [] as string[], err: [] as string[] };
  const code = await estimate(args, {
    out: (text) => said.out.push(text), err: (text) => said.err.push(text), isTerminal: false, hasColors: false, columns: 120,
  });
  return { code, out: said.out.join('\n'), err: said.err.join('\n') };
}

/** The same for programs. */
export async function data(...args: string[]): Promise<any> {
  return JSON.parse((await estimated(...args, '--json')).out);
}

/** What JSON says of the only stack. */
export async function only(app: string, ...args: string[]): Promise<any> {
  const { stacks } = await data('--app', app, ...args);
  expect(stacks).toHaveLength(1);
  return stacks[0];
}
