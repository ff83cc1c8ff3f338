import { wrong } from './errors';
import { Dashboard, AlarmState } from './state';
import { AwsError, Call, numberedPage, Operations, Region } from '../kernel';

const LISTED = 1000;
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const MOST_BYTES = 1_000_000;
const MOST_WIDGETS = 500;
const COLUMNS = 24;
const TALLEST = 1000;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const TYPES = ['metric', 'text', 'log', 'alarm', 'explorer', 'custom'];

/** Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html, the page of each operation. */
export const dashboardOperations: Operations = {
  PutDashboard({ DashboardName, DashboardBody, Tags }, { region }) {
    const { dashboards } = region.room(AlarmState);
    if (!NAME.test(DashboardName)) { throw wrong(`The value ${DashboardName} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).`); }
    const errors = dashboardErrors(DashboardBody);
    if (errors.length > 0) {
      throw new AwsError('InvalidParameterInput', `The dashboard body is invalid, there are ${errors.length} validation errors:\n${
        JSON.stringify(errors.map(({ path, message }) => ({ dataPath: path, message })))}`);
    }
    const tags = Object.fromEntries((Tags ?? []).map(({ Key, Value }: any) => [Key, Value]));
    const modified = new Date(region.clock.now());
    dashboards.set(DashboardName, { tags, ...dashboards.get(DashboardName), name: DashboardName, body: DashboardBody, modified });
    return { DashboardValidationMessages: [] };
  },

  GetDashboard({ DashboardName }, call) {
    const { name, body } = found(DashboardName, call);
    return { DashboardArn: dashboardArn(name, call.region), DashboardBody: body, DashboardName: name };
  },

  ListDashboards({ DashboardNamePrefix = '', NextToken }, { region }) {
    const named = [...region.room(AlarmState).dashboards.values()].filter(({ name }) => name.startsWith(DashboardNamePrefix));
    const all = named.sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = numberedPage(all, NextToken, LISTED, () => wrong('The value for parameter NextToken is invalid.'));
    const DashboardEntries = items.map(({ name, body, modified }) => (
      { DashboardName: name, DashboardArn: dashboardArn(name, region), LastModified: modified, Size: Buffer.byteLength(body) }
    ));
    return { DashboardEntries, NextToken: next };
  },

  // API_DeleteDashboards: if any of them is not there, none is deleted.
  DeleteDashboards({ DashboardNames }, call) {
    DashboardNames.forEach((name: string) => found(name, call));
    DashboardNames.forEach((name: string) => call.region.room(AlarmState).dashboards.delete(name));
    return {};
  },
};

/** The ARN of a dashboard, which names no Region. */
export function dashboardArn(name: string, { partition, account }: Region): string {
  return `arn:${partition}:cloudwatch::${account}:dashboard/${name}`;
}

interface BodyError {
  readonly path: string;
  readonly message: string;
}

/** What is wrong with the body of a dashboard. */
export function dashboardErrors(text: string): BodyError[] {
  let body: any;
  try {
    body = JSON.parse(text);
  } catch {
    return [{ path: '', message: 'The dashboard body is invalid: it is no JSON' }];
  }
  const error = (path: string, message: string): BodyError[] => [{ path, message }];
  if (typeof body !== 'object' || body === null || Array.isArray(body)) { return error('', 'Should be object'); }
  if (!Array.isArray(body.widgets)) { return error('', "Should have required property 'widgets'"); }
  return [
    ...Buffer.byteLength(text) > MOST_BYTES ? error('', `Should not be larger than ${MOST_BYTES} bytes`) : [],
    ...body.widgets.length > MOST_WIDGETS ? error('/widgets', `Should not have more than ${MOST_WIDGETS} items`) : [],
    ...body.widgets.flatMap((widget: any, index: number) => widgetErrors(widget, `/widgets/${index}`)),
  ];
}

function widgetErrors(widget: any, path: string): BodyError[] {
  const error = (at: string, message: string): BodyError => ({ path: `${path}${at}`, message });
  const within = (member: string, least: number, most: number) => (
    widget[member] === undefined || (Number.isInteger(widget[member]) && widget[member] >= least && widget[member] <= most)
      ? [] : [error(`/${member}`, `Should be an integer from ${least} to ${most}`)]
  );
  if (typeof widget !== 'object' || widget === null || Array.isArray(widget)) { return [error('', 'Should be object')]; }
  if (!TYPES.includes(widget.type)) { return [error('/type', `Should be one of ${TYPES.join(', ')}`)]; }
  const properties = widget.properties;
  const place = [...within('x', 0, COLUMNS - 1), ...within('y', 0, Number.MAX_SAFE_INTEGER), ...within('width', 1, COLUMNS), ...within('height', 1, TALLEST)];
  if (typeof properties !== 'object' || properties === null) { return [...place, error('', "Should have required property 'properties'")]; }
  const lacks = (member: string, is: (value: unknown) => boolean, what: string) => (
    is(properties[member]) ? [] : [error('/properties', `Should have property '${member}', ${what}`)]
  );
  const isText = (value: unknown) => typeof value === 'string';
  const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
  switch (widget.type) {
    case 'metric': return [
      ...place,
      ...lacks('region', isText, 'the name of a Region'),
      ...properties.metrics === undefined && properties.annotations?.alarms !== undefined ? [] : lacks('metrics', isMetrics, 'a list of lists'),
    ];
    case 'text': return [...place, ...lacks('markdown', isText, 'a text')];
    case 'alarm': return [...place, ...lacks('alarms', isTexts, 'a list of ARNs')];
    case 'log': return [...place, ...lacks('query', isText, 'a text')];
    default: return place;
  }
}

/** A metric is a list of texts, with options at the end: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (metrics array format) */
function isMetrics(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => Array.isArray(one) && one.length > 0
    && one.every((part, index) => typeof part === 'string' || (index === one.length - 1 && typeof part === 'object' && part !== null)));
}

function found(name: string, { region }: Call): Dashboard {
  const dashboard = region.room(AlarmState).dashboards.get(name);
  if (!dashboard) { throw new AwsError('ResourceNotFound', `Dashboard ${name} does not exist`, 404); }
  return dashboard;
}
