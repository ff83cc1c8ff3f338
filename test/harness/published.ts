import { Stage } from './stage';
import { FIELDS } from '../../src/contract/parameters';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../src/contract/recommend';

export const PATH = '/shop/recommendation';
const properties = (JobName: string, more: Record<string, unknown> = {}) => ({
  SchemaVersion: '1', Family: 'InferenceRecommendations', JobName, Objective: 'LowestCostPerInference', EndpointType: 'RealTime', ParameterPath: PATH, ...more,
});

/** The attributes in the parameters below a path, as a template reads them. */
export function attributesIn(parameters: Record<string, string>, path = ''): Record<string, string> {
  const [fields, texts] = [parameters[`${path}fields`], parameters[`${path}texts`]];
  if (fields === undefined || texts === undefined) { return {}; }
  const values = fields.split('|');
  const plain = (text: string) => text.split('~1').join('|').split('~0').join('~');
  return Object.fromEntries([
    ...FIELDS.map(([name], position) => [name, values[position]]),
    ...texts.split('|').slice(1, -1).map((text) => [text.slice(0, text.indexOf('=')), plain(text.slice(text.indexOf('=') + 1))]),
  ]);
}

/** A stage with a job that is done, and what CloudFormation sends of its recommendation. */
export async function done(benchmarks?: ConstructorParameters<typeof Stage>[0]) {
  const stage = await new Stage(benchmarks).setUp();
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  const event = (type: 'Create' | 'Update' | 'Delete', more: Record<string, unknown>, old: Record<string, unknown>, id: string) => stage.send(
    stage.event(RECOMMENDATION_RESOURCE_TYPE, id, type, properties(Data!.JobName, more), {
      ...type !== 'Create' && { PhysicalResourceId: id },
      ...type === 'Update' && { OldResourceProperties: properties(Data!.JobName, old) },
    }));
  return {
    stage,
    jobName: Data!.JobName,
    create: (more = {}, id = 'JobBest') => event('Create', more, {}, id),
    update: (more: Record<string, unknown>, old = {}) => event('Update', more, old, 'JobBest'),
    remove: (more = {}, id = 'JobBest') => event('Delete', more, {}, id),
    /** What stands in Parameter Store but for the account's own. */
    parameters: () => Object.fromEntries([...stage.region.ssm.parameters.values()]
      .filter(({ Name }) => !Name.startsWith('/cdk-bootstrap')).map(({ Name, Value }) => [Name, Value])),
    put: (Name: string, Value = 'theirs') => stage.region.ssm.put({ Name, Value, Type: 'String' }),
    /** Names of the parameters that were written since. */
    puts: () => stage.calls.filter(({ operation }) => operation === 'PutParameter').map(({ input }) => input.Name),
  };
}
