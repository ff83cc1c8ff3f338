import fc from 'fast-check';
import { searchOf, searchText } from '../../../src/service/aiperf-search';

const KEPT = { value: 256, iteration_idx: 0, objective_value: 4172.3 };
const BROKEN = { value: 512, first_breach: { metric_tag: 'time_to_first_token', stat: 'p95', op: 'lt', threshold: 200, observed: 213.4 } };
const of = (boundary_summary: unknown, more: object = {}) => searchText(searchOf({ boundary_summary, ...more }));
const path = { swept_dim_path: 'phases.profiling.concurrency' };

test.each<[string, string]>([
  ['of 5 values of concurrency, 256 is the highest within all limits; 512 breaks time_to_first_token p95: 213.4, limit 200',
    of({ ...path, feasible_max: KEPT, infeasible_min: BROKEN }, { iterations: [1, 2, 3, 4, 5] })],
  ['of one value of concurrency, 256 is the highest within all limits', of({ ...path, feasible_max: KEPT, infeasible_min: null }, { iterations: [1] })],
  ['of all values of concurrency, none is known to be within all limits; 512 breaks a limit', of({ ...path, feasible_max: null, infeasible_min: { value: 512 } })],
  ['of all values, none is known to be within all limits', of(null)],
])('a search is told: %s', (expected, told) => {
  expect(told).toBe(expected);
});

test('whatever a history has, it is read, and told without a word of JavaScript', () => {
  const any = fc.jsonValue();
  const boundary = fc.record({ swept_dim_path: any, feasible_max: any, infeasible_min: fc.record({ value: any, first_breach: any }) });
  fc.assert(fc.property(fc.record({ boundary_summary: fc.oneof(any, boundary), iterations: any }), (history) => {
    const search = searchOf(history as any);
    expect(JSON.parse(JSON.stringify(search))).toEqual(JSON.parse(JSON.stringify(search, (_key, value) => value ?? null)));
    expect(searchText({ ...search, dimension: '' })).not.toMatch(/undefined|null|NaN|\[object/);
  }));
});
