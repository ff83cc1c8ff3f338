import { readFileSync } from 'fs';
import { join } from 'path';
import { Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';

// npm may install several copies of this library in one app. Everything here is a contract between copies of all versions: it may grow, and must not change.

/** The id of a stack's runtime, and a part of the names of its log groups and state machines. */
export const RUNTIME_ID = 'InferenceRecommenderRuntime';

/** The copy whose constructs a stack has. */
const COPY = Symbol.for('cdk-sagemaker-inference-recommender.copy');

/** The runtime options of a stack, stage or app. */
const OPTIONS = Symbol.for('cdk-sagemaker-inference-recommender.runtimeOptions');

interface Copy {
  readonly version: string;
  readonly path: string;
}

type Marked = IConstruct & { readonly [COPY]?: Copy; readonly [OPTIONS]?: object };

let own: Copy | undefined;

/**
 * Enters this copy as the one of a construct's stack. Constructs of two copies do not see each other's facts, so they would leave out permissions.
 *
 * @throws if another copy has constructs in the stack
 */
export function claimStack(construct: IConstruct): void {
  const stack: Marked = Stack.of(construct);
  const copy = ownCopy();
  const found = stack[COPY];
  if (!found) {
    mark(stack, COPY, copy);
  } else if (found !== copy) {
    const [first, second] = [found, copy].map(({ version, path }) => `${version} in ${path}`);
    throw new Error(`Stack '${stack.node.path}' has constructs of two copies of cdk-sagemaker-inference-recommender: ${first}, and ${second}. Let one copy`
      + ' serve all of the stack: `npm ls cdk-sagemaker-inference-recommender` shows who brings which, `overrides` in package.json set one version, and a'
      + ' construct library should have it as a peer dependency. Different stacks may have different copies.');
  }
}

/** The version of this copy. */
export function ownVersion(): string {
  return ownCopy().version;
}

/** Keeps the runtime options of a stack, stage or app where every copy finds them. */
export function keepRuntimeOptions(scope: IConstruct, options: object): void {
  mark(scope, OPTIONS, options);
}

/** The runtime options that this or another copy has kept for a stack, stage or app. */
export function runtimeOptionsAt(scope: Marked): object | undefined {
  return scope[OPTIONS];
}

function ownCopy(): Copy {
  return own ??= readCopy();
}

function readCopy(): Copy {
  const path = join(__dirname, '..', '..');
  try {
    return { path, version: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).version };
  } catch {
    // An app that is bundled into one file has no package.json beside the library.
    return { path, version: 'unknown version' };
  }
}

function mark(construct: IConstruct, key: symbol, value: object): void {
  Object.defineProperty(construct, key, { value });
}
