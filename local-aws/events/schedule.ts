import { Lacking } from '../kernel';

/** Finds the first time after `after` (milliseconds since 1970) at which a rule is due; `undefined` if there is none. */
export type Schedule = (after: number) => number | undefined;

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: DAY_MS };
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const FIELDS: ReadonlyArray<readonly [least: number, most: number, names?: readonly string[]]> =
  [[0, 59], [0, 23], [1, 31], [1, 12, MONTHS], [1, 7, WEEKDAYS], [1970, 2199]];

/**
 * Reads a schedule expression, `rate(…)` or `cron(…)`, in UTC. An unsupported expression is an error.
 * A rate counts from the rule's creation.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseSchedule(expression: string, created: number): Schedule {
  const [, kind, inner] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case 'rate': return rate(inner, created);
    case 'cron': return cron(inner);
    default: throw new Error('it must be rate(…) or cron(…)');
  }
}

function rate(inner: string, created: number): Schedule {
  const [, count, unit, plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(inner) ?? [];
  if (unit === undefined || (count === '1') === (plural === 's')) { throw new Error('a rate is 1 minute, 1 hour, 1 day or a number of minutes, hours or days'); }
  const every = Number(count) * UNITS[unit];
  return (after) => created + (Math.floor((after - created) / every) + 1) * every;
}

function cron(inner: string): Schedule {
  const parts = inner.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) { throw new Error('cron has six fields: minutes, hours, day of month, month, day of week, year'); }
  if ((parts[2] === '?') === (parts[4] === '?')) { throw new Error('either the day of month or the day of week must be ?'); }
  const [minutes, hours, days, months, weekdays, years] = parts.map((part, index) => field(part, ...FIELDS[index]));
  const isDue = (day: Date) => years.includes(day.getUTCFullYear()) && months.includes(day.getUTCMonth() + 1)
    && days.includes(day.getUTCDate()) && weekdays.includes(day.getUTCDay() + 1);
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * UNITS.hour + minute * UNITS.minute));
  return (after) => {
    const today = Math.floor(after / DAY_MS) * DAY_MS;
    const until = Date.UTC(years[years.length - 1] + 1, 0);
    for (let day = Math.max(today, Date.UTC(years[0], 0)); day < until; day += DAY_MS) {
      const time = isDue(new Date(day)) ? times.find((moment) => day + moment > after) : undefined;
      if (time !== undefined) { return day + time; }
    }
    return undefined;
  };
}

/** The values of a field, in order. */
function field(text: string, least: number, most: number, names: readonly string[] = []): number[] {
  const ofCalendar = most === 31 ? /^(L|LW|L-\d+|\d+W)$/ : most === 7 ? /^(L|\w+L|\w+#[1-5])$/ : undefined;
  if (text.split(',').some((part) => !names.includes(part) && ofCalendar?.test(part))) { throw new Lacking(`L, W and # in cron are not part of the local AWS: ${text}`); }
  const number = (part: string) => (names.includes(part) ? names.indexOf(part) + 1 : Number(part));
  const found = text.split(',').flatMap((part) => {
    const [, from, to, step] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined) { throw new Error(`${text} is no value of cron`); }
    const every = ['*', '?'].includes(from);
    const [first, last] = [every ? least : number(from), every || (to === undefined && step !== undefined) ? most : number(to ?? from)];
    if (!(first >= least && last <= most && first <= last && Number(step ?? 1) > 0)) { throw new Error(`${text} is not from ${least} to ${most}`); }
    return Array.from({ length: Math.floor((last - first) / Number(step ?? 1)) + 1 }, (_, index) => first + index * Number(step ?? 1));
  });
  return [...new Set(found)].sort((a, b) => a - b);
}
