import * as fc from 'fast-check';
import { variedNames, variedOf } from '../../../../lambda/jobs/inference-recommendations/varied';

const row = (environment: Record<string, string>) => ({
  ModelConfiguration: { EnvironmentParameters: Object.entries(environment).map(([Key, Value]) => ({ Key, ValueType: 'String', Value })) },
});
const asks = (JobType: string, ...ranges: Array<Record<string, string[]>>) => ({
  JobType,
  InputConfig: {
    EndpointConfigurations: ranges.map((range) => ({
      EnvironmentParameterRanges: { CategoricalParameterRanges: Object.entries(range).map(([Name, Value]) => ({ Name, Value })) },
    })),
  },
}) as any;
const names = (job: any, ...rows: Array<Record<string, string>>) => [...variedNames(job, rows.map(row))].sort();

test('a load test varies what it declares, of all its candidates, and nothing else, even where values differ', () => {
  const job = asks('Advanced', { THREADS: ['1', '2'] }, { WORKERS: ['4'] });
  expect(names(job, { THREADS: '1', API_TOKEN: 'a' }, { WORKERS: '4', API_TOKEN: 'b' })).toEqual(['THREADS', 'WORKERS']);
  expect(names(asks('Advanced'), { API_TOKEN: 'a' }, { API_TOKEN: 'b' })).toEqual([]);
  expect(names({ JobType: 'Advanced' }, { API_TOKEN: 'a' })).toEqual([]);
});

test('an instance recommendation varies what has two values', () => {
  const job = { JobType: 'Default', InputConfig: {} };
  expect(names(job, { THREADS: '1', API_TOKEN: 'a' }, { THREADS: '2', API_TOKEN: 'a' }, {})).toEqual(['THREADS']);
  expect(names(job, { API_TOKEN: 'a' }, {})).toEqual([]);
  expect(names(job)).toEqual([]);
  expect(variedNames({ JobType: 'Default' } as any, [{}, { ModelConfiguration: {} }])).toEqual(new Set());
});

test('a variable that all rows have alike is read of none', () => {
  fc.assert(fc.property(fc.string(), fc.array(fc.dictionary(fc.string(), fc.string()), { minLength: 1 }), fc.boolean(), (token, rows, declares) => {
    const all = rows.map((environment) => row({ ...environment, TOKEN: token }));
    const varied = variedNames(declares ? asks('Advanced', { THREADS: ['1'] }) : asks('Default'), all);
    all.forEach((one) => expect(variedOf(one, varied).map(({ Key }) => Key)).not.toContain('TOKEN'));
  }));
});
