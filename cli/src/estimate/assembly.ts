import { existsSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { isRecord } from '../../../src/service/records';
import { constructPath } from '../account/template';

/** A CloudFormation template of a synthesized app, with what is known of its place there. */
export interface Template {
  /** The stack's name as the CLI shows it; of a nested stack, its parent's with its logical id. */
  readonly name: string;
  /** `undefined` if the app leaves it open. */
  readonly region?: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly parameters: Readonly<Record<string, any>>;
  readonly outputs: Readonly<Record<string, any>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  /** The stack that holds this nested one, and the values that it passes. */
  readonly parent?: { readonly template: Template; readonly parameters: Readonly<Record<string, unknown>> };
  /** Nested stacks by their logical ids. */
  readonly children: ReadonlyMap<string, Template>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, any>>;
  readonly Condition?: string;
  /** The construct's path in the app, where the CDK has written it. */
  readonly path?: string;
}

/**
 * All templates of a cloud assembly, that is of the folder that `cdk synth` writes: those of its stacks, of their nested stacks, and of stages.
 *
 * @throws Error in one sentence if there is no such folder, or if it is no assembly
 */
export function readAssembly(folder: string): Template[] {
  const path = join(folder, 'manifest.json');
  if (!existsSync(folder)) { throw new Error(`${folder} is not there: run cdk synth, or say with --app which folder it has written.`); }
  if (!statSync(folder).isDirectory()) { throw new Error(`${folder} is a file: expected the folder that cdk synth writes, such as cdk.out.`); }
  if (!existsSync(path)) { throw new Error(`${folder} has no manifest.json: expected the folder that cdk synth writes, such as cdk.out.`); }
  const { artifacts } = json(path);
  if (!isRecord(artifacts)) { throw new Error(`${path} has no artifacts: expected the manifest of the folder that cdk synth writes.`); }
  return Object.values(artifacts).flatMap((artifact: any) => {
    const { type, properties = {} } = artifact ?? {};
    if (type === 'cdk:cloud-assembly') { return readAssembly(join(folder, properties.directoryName)); }
    if (type !== 'aws:cloudformation:stack') { return []; }
    const [, region] = /^aws:\/\/[^/]+\/(.+)$/.exec(artifact.environment ?? '') ?? [];
    const name = artifact.displayName ?? properties.stackName ?? properties.templateFile;
    return withNested(read(folder, properties.templateFile, { name, ...region !== 'unknown-region' && { region } }));
  });
}

function read(folder: string, file: string, place: Pick<Template, 'name' | 'region' | 'parent'>): Template {
  const { Resources, Parameters, Outputs, Conditions } = json(join(folder, file));
  const resources = Object.fromEntries(Object.entries<any>(Resources ?? {})
    .map(([id, { Type, Properties = {}, Condition, Metadata }]) => [id, {
      Type, Properties, Condition, path: constructPath(Metadata?.['aws:cdk:path']),
    }] as const));
  const children = new Map<string, Template>();
  const template: Template = { ...place, resources, parameters: Parameters ?? {}, outputs: Outputs ?? {}, conditions: Conditions ?? {}, children };
  for (const [id, { Type, Properties = {}, Metadata }] of Object.entries<any>(Resources ?? {})) {
    const nested = Metadata?.['aws:asset:path'];
    if (Type !== 'AWS::CloudFormation::Stack' || typeof nested !== 'string') { continue; }
    const parent = { template, parameters: Properties.Parameters ?? {} };
    children.set(id, read(folder, nested, { name: `${place.name}/${id}`, region: place.region, parent }));
  }
  return template;
}

function withNested(template: Template): Template[] {
  return [template, ...[...template.children.values()].flatMap(withNested)];
}

function json(path: string): any {
  const text = readFileSync(path, 'utf8');
  try { return JSON.parse(text); } catch { throw new Error(`${path} is no JSON: expected a file that cdk synth writes.`); }
}
