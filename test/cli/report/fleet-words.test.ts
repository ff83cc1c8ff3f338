import * as fc from 'fast-check';
import { aServerlessEndpoint, anInstanceType, instances, serverless } from './recommendations';
import type { ChoiceData, RecommendationData } from '../../../cli/src/report/data';
import {
  bestOfEachKind, breakEvenSentence, fleetRows, fleetSentence, greatestLoad, loadAt, loadText, positionOf, rowCells, scalingSentences,
} from '../../../cli/src/report/fleet-words';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';

function choiceOf(all: ReadonlyArray<readonly [JobRecommendation, RecommendationData['verdict'], isOtherKind?: boolean]>, more: Partial<ChoiceData> = {}): ChoiceData {
  return {
    family: INFERENCE_RECOMMENDATIONS,
    columns: [],
    plots: [],
    objective: 'LowestCostPerInference',
    limits: [],
    maxConcurrency: 200,
    notes: [],
    scaling: [],
    recommendations: all.map(([benchmarked, verdict, isOtherKind = false], at) => {
      const label = benchmarked.instanceType ?? 'serverless';
      return { rank: at + 1, verdict, endpoint: label, label, name: label, reasons: [], isOtherKind, figures: benchmarked.figures, benchmarked };
    }),
    ...more,
  };
}

const TYPE = instances({ CostPerHour: 0.48, MaxInvocations: 100, CostPerInference: 0.00008 });
const SERVERLESS = serverless({ CostPerInference: 0.0001, MaxInvocations: 10 });

test('the slider goes in round steps, each larger, and finds its way back', () => {
  const loads = Array.from({ length: 101 }, (_, at) => loadAt(at));
  loads.slice(1).forEach((load, at) => expect(load).toBeGreaterThan(loads[at]));
  expect(loads.map(positionOf)).toEqual(loads.map((_load, at) => at));
  expect([loads[0], loads[20], loads[100], positionOf(5140)]).toEqual([1, 10, 100_000, 74]);
});

describe('the rows of a load', () => {
  test('one is the least, and the others say by how much they are above it', () => {
    const rows = fleetRows(choiceOf([[TYPE, 'chosen'], [SERVERLESS, 'rejected', true]]), 200);
    expect(rows.map((row) => rowCells(row, rows))).toEqual([
      ['1', 'ml.c5.xlarge', '2 instances', '700.80', 'the least'], ['2', 'serverless, not allowed', 'a concurrency of 20', '876.00', '+25%'],
    ]);
  });

  test('a rejected one has no row while another one may be chosen, unless it is rejected for its kind', () => {
    expect(fleetRows(choiceOf([[TYPE, 'chosen'], [SERVERLESS, 'rejected']]), 1)).toHaveLength(1);
    expect(fleetRows(choiceOf([[TYPE, 'rejected'], [SERVERLESS, 'rejected']]), 1)).toHaveLength(2);
  });

  test('a serverless endpoint beyond its greatest concurrency has no cost, and is not the least', () => {
    const [type, endpoint] = fleetRows(choiceOf([[TYPE, 'chosen'], [SERVERLESS, 'runner-up']], { maxConcurrency: 5 }), 55);
    expect([type.isCheapest, endpoint.isCheapest, endpoint.usdPerMonth, endpoint.needs]).toEqual([true, false, undefined, 'a concurrency of 6, and 5 is the most']);
    expect(fleetSentence(choiceOf([[SERVERLESS, 'chosen']], { maxConcurrency: 5 }), 55)).toBe('At 55 requests a minute, no endpoint bears the load.');
  });

  test('the least is the least, and the sentence names it', () => {
    const some = fc.array(fc.oneof(anInstanceType, aServerlessEndpoint), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(some, fc.integer({ min: 1, max: 100_000 }), (all, load) => {
      const choice = choiceOf(all.map((one, at) => [one, at === 0 ? 'chosen' : 'allowed']));
      const rows = fleetRows(choice, load).filter(({ usdPerMonth }) => usdPerMonth !== undefined);
      for (const { usdPerMonth, isCheapest } of rows) { expect(isCheapest).toBe(usdPerMonth === Math.min(...rows.map((row) => row.usdPerMonth!))); }
      expect(fleetSentence(choice, load)).toContain(`At ${loadText(load)}, `);
    }));
  });
});

describe('the break-even in a sentence', () => {
  test.each<[string, string, ChoiceData]>([
    ['none of the one kind', 'The job has no result of a serverless endpoint, so there is no break-even with one.', choiceOf([[TYPE, 'chosen']])],
    ['none of the other', 'The job has no result of an instance type, so there is no break-even with one.', choiceOf([[SERVERLESS, 'chosen']])],
    ['one that breaks a limit', 'No serverless endpoint of this job keeps the limits, so there is no break-even with one.', choiceOf([[TYPE, 'chosen'], [SERVERLESS, 'rejected']])],
    ['one load', 'Break-even: serverless costs less than ml.c5.xlarge below 16 requests a minute. Above, instances cost less. Serverless bears at most 2,000 requests a minute, with a concurrency of 200.',
      choiceOf([[instances({ CostPerHour: 0.096, MaxInvocations: 100 }), 'chosen'], [SERVERLESS, 'runner-up']])],
    ['loads between which it alternates', 'Break-even: serverless costs less than ml.c5.xlarge below 80 requests a minute. From there to 320 requests a minute it alternates, because instances come whole. '
      + 'Above, instances cost less. Serverless bears at most 2,000 requests a minute, with a concurrency of 200.', choiceOf([[TYPE, 'chosen'], [SERVERLESS, 'runner-up']])],
    ['serverless until it ends', 'As long as serverless bears the load, it costs less than ml.c5.xlarge: at most 50 requests a minute, with a concurrency of 5.',
      choiceOf([[TYPE, 'chosen'], [SERVERLESS, 'runner-up']], { maxConcurrency: 5 })],
  ])('%s', (_what, sentence, choice) => expect(breakEvenSentence(choice)).toBe(sentence));

  test('of rejected ones, which have no order, the cheapest of each kind count', () => {
    const dear = instances({ CostPerHour: 10, MaxInvocations: 100, CostPerInference: 0.1 });
    expect(bestOfEachKind(choiceOf([[dear, 'rejected'], [TYPE, 'rejected'], [SERVERLESS, 'rejected']])).instances?.rank).toBe(2);
  });
});

test('the range of an endpoint says whether the load is within it', () => {
  const scaling = [{ endpointName: 'shop', variantName: 'main', minCapacity: 2, maxCapacity: 3 }];
  const choice = choiceOf([[TYPE, 'chosen']], { scaling, load: { invocationsPerMinute: 100, headroomPercent: 0 } });
  expect([50, 250, 301].flatMap((load) => scalingSentences(choice, load))).toEqual([
    'Endpoint shop scales from 2 to 3 instances. 50 requests a minute need 1: fewer than it keeps.',
    'Endpoint shop scales from 2 to 3 instances. 250 requests a minute need 3: within its range.',
    'Endpoint shop scales from 2 to 3 instances. 301 requests a minute need 4: more than it may scale to.',
  ]);
});

test('the slider reaches beyond what each bears, and beyond the load that is asked for', () => {
  expect(greatestLoad(choiceOf([[TYPE, 'chosen']]))).toBe(1000);
  expect(greatestLoad(choiceOf([[TYPE, 'chosen']], { load: { invocationsPerMinute: 60_000, headroomPercent: 0 } }))).toBe(1_000_000);
  expect(greatestLoad(choiceOf([[SERVERLESS, 'chosen']]))).toBe(100);
});
