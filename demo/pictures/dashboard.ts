import {
  CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand, GetMetricDataCommand, MetricAlarm, MetricDataQuery, MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { Color, escaped, line, svg } from './svg';

/** As much of a dashboard's body as a graph needs. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    /** Of a widget of alarms, their ARNs. */
    readonly alarms?: readonly string[];
    readonly markdown?: string;
    readonly metrics?: ReadonlyArray<readonly unknown[]>;
    readonly annotations?: { readonly horizontal?: ReadonlyArray<{ readonly label?: string; readonly value: number }> };
    readonly yAxis?: { readonly left?: { readonly label?: string } };
    readonly stat?: string;
    readonly period?: number;
  };
}

interface Options {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
  readonly stat?: string;
  readonly period?: number;
  readonly visible?: boolean;
}

const CELL = { width: 40, height: 30 };
const COLORS: readonly Color[] = ['blue', 'amber', 'violet', 'cyan'];
/** In seconds, where neither a metric nor its widget says one: the default of CloudWatch. */
const PERIOD = 300;

/** What CloudWatch has for a widget. */
interface Data {
  readonly results: readonly MetricDataResult[];
  readonly alarms: readonly MetricAlarm[];
}

/** A dashboard with the metrics that CloudWatch has of the hours before a time, as a picture. */
export async function dashboardSvg(cloudWatch: CloudWatchClient, name: string, until: Date, hours: number): Promise<string> {
  const { DashboardBody: body } = await cloudWatch.send(new GetDashboardCommand({ DashboardName: name }));
  const { widgets }: { widgets: Widget[] } = JSON.parse(body!);
  const { MetricAlarms: alarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  const parts: string[] = [];
  for (const widget of widgets) {
    const queries = queriesOf(widget);
    // The last period of each metric must be over.
    const longest = 1000 * Math.max(PERIOD, ...queries.map(({ MetricStat, Period }) => MetricStat?.Period ?? Period!));
    const end = new Date(Math.floor(until.getTime() / longest) * longest);
    const results = queries.length > 0 ? await dataOf(cloudWatch, queries, end, hours) : [];
    parts.push(...drawn(widget, { results, alarms }, end, hours));
  }
  const width = Math.max(...widgets.map((one) => one.x + one.width)) * CELL.width;
  const height = Math.max(...widgets.map((one) => one.y + one.height)) * CELL.height;
  return svg(width, height, `The dashboard ${name}, with the metrics of ${hours} hours`, parts);
}

function queriesOf({ properties }: Widget): MetricDataQuery[] {
  return (properties.metrics ?? []).map((row, index): MetricDataQuery => {
    const options = (typeof row.at(-1) === 'object' ? row.at(-1) : {}) as Options;
    const [Namespace, MetricName, ...dimensions] = row.filter((part) => typeof part === 'string') as string[];
    const Period = options.period ?? properties.period ?? PERIOD;
    const common = { Id: options.id ?? `unnamed${index}`, Label: options.label, ReturnData: options.visible !== false };
    if (options.expression !== undefined) { return { ...common, Expression: options.expression, Period }; }
    const Dimensions = dimensions.flatMap((part, at) => (at % 2 === 0 ? [{ Name: part, Value: dimensions[at + 1] }] : []));
    return { ...common, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat: options.stat ?? properties.stat ?? 'Average' } };
  });
}

async function dataOf(cloudWatch: CloudWatchClient, MetricDataQueries: MetricDataQuery[], EndTime: Date, hours: number): Promise<MetricDataResult[]> {
  const StartTime = new Date(EndTime.getTime() - hours * 3_600_000);
  const { MetricDataResults = [] } = await cloudWatch.send(new GetMetricDataCommand({ MetricDataQueries, StartTime, EndTime, ScanBy: 'TimestampAscending' }));
  return MetricDataResults;
}

function alarm({ AlarmName: name = '', StateValue: state }: MetricAlarm, x: number, y: number): string {
  const color = state === 'OK' ? 'green' : state === 'ALARM' ? 'red' : 'muted';
  return `<circle cx="${x}" cy="${y - 4}" r="5" fill="var(--${color})"/>${line(x + 12, y, `${name.replace(/^.*Dashboard(\w+?)Alarm.*$/, '$1')}: ${state}`, 'small')}`;
}

function drawn({ type, x, y, width, height, properties }: Widget, { results, alarms }: Data, end: Date, hours: number): string[] {
  const box = { x: x * CELL.width + 6, y: y * CELL.height + 6, width: width * CELL.width - 12, height: height * CELL.height - 12 };
  const frame = `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="6" fill="none" stroke="var(--line)"/>`;
  if (type === 'text') { return [frame, ...textOf(properties.markdown ?? '', box)]; }
  const title = line(box.x + 12, box.y + 22, properties.title ?? '', 'bold small');
  if (type === 'alarm') {
    const own = alarms.filter(({ AlarmArn: arn }) => properties.alarms?.includes(arn!));
    return [frame, title, ...own.map((one, index) => alarm(one, box.x + 110 + index * 250, box.y + 22))];
  }
  const limits = (properties.annotations?.horizontal ?? [])
    .map(({ label, value }) => ({ label, value: Number(value) })).filter(({ value }) => value < 1e12);
  const words = limits.flatMap(({ label = '' }) => label.split(/(?<=,) /));
  const above = 40 + words.length * 14;
  const plot = { x: box.x + 64, y: box.y + above, width: box.width - 80, height: box.height - above - 44 };
  const highest = Math.max(0, ...results.flatMap(({ Values: values = [] }) => values), ...limits.map(({ value }) => value));
  const top = highest > 0 ? 1.15 * highest : 1;
  const at = (time: Date) => plot.x + plot.width * (1 - (end.getTime() - time.getTime()) / (hours * 3_600_000));
  const up = (value: number) => plot.y + plot.height * (1 - Math.min(value, top) / top);
  const shown = (value: number) => new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, notation: value >= 10_000 ? 'compact' : 'standard' }).format(value);
  return [
    frame,
    title,
    line(box.x + box.width - 12, box.y + 22, properties.yAxis?.left?.label ?? '', 'muted small', 'end'),
    ...words.map((one, index) => line(box.x + 12, box.y + 38 + index * 14, one, 'muted small')),
    ...[0, 0.5, 1].flatMap((share) => [
      `<line class="line" x1="${plot.x}" x2="${plot.x + plot.width}" y1="${up(share * top)}" y2="${up(share * top)}"/>`,
      line(plot.x - 6, up(share * top) + 4, shown(share * top), 'muted small', 'end'),
    ]),
    ...limits.map(({ value }) => (
      `<line x1="${plot.x}" x2="${plot.x + plot.width}" y1="${up(value)}" y2="${up(value)}" stroke="var(--green)" stroke-dasharray="5 4"/>`)),
    ...results.map(({ Timestamps: times = [], Values: values = [] }, index) => {
      const points = times.map((time, place) => `${at(time).toFixed(1)},${up(values[place]).toFixed(1)}`).join(' ');
      return `<polyline fill="none" stroke-width="2" stroke="var(--${COLORS[index % COLORS.length]})" points="${points}"/>`;
    }),
    ...legend(results.map(({ Label: label, Values: values = [] }) => `${label}: ${values.length > 0 ? shown(values.at(-1)!) : 'no data'}`), plot.x, box.y + box.height - 14),
  ];
}

function legend(labels: readonly string[], x: number, y: number): string[] {
  let left = x;
  return labels.flatMap((label, index) => {
    const from = left;
    left += 26 + label.length * 6.4;
    return [`<rect x="${from}" y="${y - 9}" width="10" height="10" rx="2" fill="var(--${COLORS[index % COLORS.length]})"/>`, line(from + 14, y, label, 'muted small')];
  });
}

/** A text's lines, broken where they are too long: bold and links lose their marks. */
function textOf(markdown: string, box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): string[] {
  const longest = Math.floor((box.width - 24) / 6.2);
  const plain = markdown.replace(/\*\*|`|^#+ /gm, '').replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replace(/;? *https:\S+/g, '');
  const lines = plain.split('\n').flatMap((paragraph) => {
    const broken = [''];
    for (const word of paragraph.split(' ')) {
      if (`${broken.at(-1)} ${word}`.length > longest) { broken.push(word); } else { broken[broken.length - 1] = `${broken.at(-1)} ${word}`.trim(); }
    }
    return broken;
  });
  return lines.slice(0, Math.floor((box.height - 12) / 17)).map((words, index) => `<text class="small" x="${box.x + 12}" y="${box.y + 20 + index * 17}">${escaped(words)}</text>`);
}
