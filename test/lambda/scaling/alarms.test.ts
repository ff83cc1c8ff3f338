import * as fc from 'fast-check';
import { Alarm, DescribeAlarms, PutMetricAlarm, repoint } from '../../../lambda/scaling/alarms';

const [OLD, OLDER, NEW, TOPIC] = ['old', 'older', 'new', 'topic'].map((id) => `arn:aws:autoscaling:us-east-1:111111111111:${id}`);

/** CloudWatch, one alarm a page. */
function service(...alarms: Alarm[]) {
  const put: Alarm[] = [];
  const named = ({ AlarmActions, OKActions, InsufficientDataActions }: any) => [AlarmActions, OKActions, InsufficientDataActions].flat();
  return {
    put,
    send: async (command: any): Promise<any> => {
      if (command instanceof PutMetricAlarm) {
        put.push(command.input);
        return {};
      }
      const { ActionPrefix, NextToken = '0' } = (command as DescribeAlarms).input;
      const found = alarms.filter((alarm) => named(alarm).some((action) => action?.startsWith(ActionPrefix)));
      const next = Number(NextToken) + 1;
      return { MetricAlarms: found.slice(next - 1, next), ...next < found.length && { NextToken: String(next) } };
    },
  };
}

test('every alarm of an old policy is led to the new one, on all pages, and keeps all else', async () => {
  const metric = { Metrics: [{ Id: 'e', Expression: 'm * 2' }], EvaluationCriteria: { PromQLCriteria: { Query: 'up' } }, MemberOfTomorrow: 1 };
  const told = { AlarmArn: 'arn', StateValue: 'ALARM', StateReason: 'r', StateUpdatedTimestamp: 1, AlarmConfigurationUpdatedTimestamp: 1, EvaluationState: 'PARTIAL_DATA' };
  const aws = service(
    { AlarmName: 'a', ...metric, ...told, ActionsEnabled: false, AlarmActions: [TOPIC, OLD], OKActions: [] },
    { AlarmName: 'b', AlarmActions: [OLDER, OLD, NEW], InsufficientDataActions: [OLDER], Threshold: 0 },
    { AlarmName: 'c', OKActions: [OLD] },
    { AlarmName: 'd', AlarmActions: [TOPIC] },
  );
  expect((await repoint([OLDER, OLD], NEW, aws)).sort()).toEqual(['a', 'b', 'c']);
  expect(aws.put.sort((a, b) => (a.AlarmName < b.AlarmName ? -1 : 1))).toEqual([
    { AlarmName: 'a', ...metric, ActionsEnabled: false, AlarmActions: [TOPIC, NEW], OKActions: [] },
    { AlarmName: 'b', AlarmActions: [NEW], InsufficientDataActions: [NEW], Threshold: 0 },
    { AlarmName: 'c', OKActions: [NEW] },
  ]);
});

test('a policy that has kept its ARN changes no alarm', async () => {
  const aws = service({ AlarmName: 'a', AlarmActions: [NEW] });
  expect(await repoint([NEW], NEW, aws)).toEqual([]);
  expect(aws.put).toEqual([]);
});

test('whatever actions an alarm has, none names an old policy afterwards, and the others stay in their order', async () => {
  const actions = fc.array(fc.constantFrom(OLD, OLDER, NEW, TOPIC, `${TOPIC}-2`), { maxLength: 5 });
  await fc.assert(fc.asyncProperty(actions, actions, async (AlarmActions, OKActions) => {
    const aws = service({ AlarmName: 'a', AlarmActions, OKActions });
    await repoint([OLD, OLDER], NEW, aws);
    const names = [...AlarmActions, ...OKActions].some((action) => [OLD, OLDER].includes(action));
    expect(aws.put).toHaveLength(names ? 1 : 0);
    for (const [member, given] of Object.entries({ AlarmActions, OKActions })) {
      const now = (aws.put[0]?.[member] ?? given) as string[];
      expect(now.filter((action) => [OLD, OLDER].includes(action))).toEqual([]);
      const others = (list: string[]) => [...new Set(list.filter((action) => action.includes(TOPIC)))];
      expect(others(now)).toEqual(others(given));
      expect(now.includes(NEW)).toBe(given.some((action) => [OLD, OLDER, NEW].includes(action)));
    }
  }));
});
