import { readFileSync } from 'fs';
import { cpus, totalmem } from 'os';

/** The machine on which the figures were measured, without anything that identifies it. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
}

export function machine(): Machine {
  const version = (name: string): string => JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')).version;
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    versions: Object.fromEntries(['aws-cdk-lib', 'constructs', 'aws-cdk', 'esbuild', '@aws-sdk/client-sagemaker'].map((name) => [name, version(name)])),
  };
}
