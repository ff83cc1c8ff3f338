import { ResourceRequest } from '../../../local-aws/kernel/resource-provider';
import { Region, World, WorldOptions } from '../../../local-aws/world';

/** A Region without a server around it. */
export function someRegion(options: WorldOptions = {}): Region {
  return new World(options).region('111111111111', 'us-east-1');
}

let names = 0;

/** What CloudFormation would ask of a resource with these properties. */
export function resource(region: Region, type: string, properties: Record<string, any>): ResourceRequest {
  return {
    region,
    type,
    properties,
    tags: {},
    stackId: 'arn:aws:cloudformation:us-east-1:111111111111:stack/S/1',
    stackName: 'S',
    logicalId: 'L',
    generatedName: (maxLength) => `S-L-${names++}`.slice(0, maxLength),
  };
}
