import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { strToU8, zipSync } from 'fflate';
import type { Region } from '../../local-aws';
import type { Stack } from '../../local-aws/cloudformation';

/** Files by their names, as one archive. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? strToU8(content) : content]))));
}

/** Brings a stack's assets where its template looks for them, as the CLI does, and gives the template. */
export function publish(assembly: string, stackName: string, { account, name, world: { s3 } }: Region): string {
  const { files } = JSON.parse(readFileSync(join(assembly, `${stackName}.assets.json`), 'utf8'));
  for (const { source, destinations } of Object.values<any>(files)) {
    const [{ bucketName, objectKey }] = Object.values<any>(destinations);
    const bucket = bucketName.replace('${AWS::AccountId}', account).replace('${AWS::Region}', name);
    if (s3.find(bucket)?.objects.has(objectKey)) { continue; }
    const path = join(assembly, source.path);
    s3.putObject(bucket, objectKey, source.packaging === 'zip' ? zipOfFolder(path) : readFileSync(path));
  }
  return readFileSync(join(assembly, `${stackName}.template.json`), 'utf8');
}

/** Lets one of CloudFormation's operations do its work, as the account's user, and gives the status that the stack ends in. */
export async function operate(region: Region, operation: string, StackName: string, input: object = {}): Promise<string> {
  const principal = { account: region.account, arn: `arn:aws:iam::${region.account}:user/tests` };
  const call = { region, principal, requestId: 'tests' };
  await region.clock.run(async () => region.cloudformation.operations[operation]({ StackName, ...withTemplate(region, input) }, call));
  const stack = newestStack(region, StackName);
  await stack.work;
  return stack.status;
}

/** A request whose template is in the assets' bucket if it is beyond the quota of a body, as the CLI does it. */
export function withTemplate({ account, name, world: { s3 } }: Region, { TemplateBody, ...input }: any): object {
  if (TemplateBody === undefined || Buffer.byteLength(TemplateBody) <= 51_200) { return { ...input, TemplateBody }; }
  const bucket = `cdk-hnb659fds-assets-${account}-${name}`;
  s3.putObject(bucket, 'large-template.json', Buffer.from(TemplateBody));
  return { ...input, TemplateURL: `https://s3.${name}.amazonaws.com/${bucket}/large-template.json` };
}

/** The newest stack of a name, deleted or not. */
export function newestStack({ cloudformation }: Region, name: string): Stack {
  return [...cloudformation.stacks.values()].filter((stack) => stack.name === name).pop()!;
}

export function outputsOf({ outputs }: Stack): Record<string, string> {
  return Object.fromEntries(outputs.map(({ key, value }) => [key, value]));
}

/** Values of the parameters below a path, by the rest of their names. */
export function parametersBelow({ ssm }: Region, path: string): Record<string, string> {
  const below = [...ssm.parameters.values()].filter(({ Name }) => Name.startsWith(`${path}/`));
  return Object.fromEntries(below.map(({ Name, Value }) => [Name.slice(path.length + 1), Value]));
}

function zipOfFolder(folder: string): Buffer {
  return zipOf(Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))])));
}
