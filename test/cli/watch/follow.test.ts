import * as fc from 'fast-check';
import { jobOf, readingOf, readings } from './readings';
import { Screen } from '../../../cli/src/terminal/screen';
import { pauseOf, Presenter } from '../../../cli/src/watch/follow';

test('a pause is what was asked for, doubles after each reading that failed, and does not grow beyond 5 minutes', () => {
  const asked = fc.option(fc.integer({ min: 1000, max: 3_600_000 }), { nil: undefined });
  const perhaps = fc.option(readings, { nil: undefined });
  fc.assert(fc.property(perhaps, asked, fc.nat({ max: 100 }), fc.boolean(), (reading, wanted, failures, isRehearsed) => {
    const first = pauseOf(reading, { asked: wanted, failures: 0, isRehearsed });
    const pause = pauseOf(reading, { asked: wanted, failures, isRehearsed });
    if (wanted !== undefined) { expect(first).toBe(wanted); }
    expect(pause).toBe(Math.max(first, Math.min(first * 2 ** failures, 300_000)));
  }));
});

test.each<[string, Parameters<typeof jobOf>[0], boolean, number]>([
  ['an instance recommendation', { name: 'abc' }, false, 20_000],
  ['a load test', { name: 'abc', type: 'Advanced' }, false, 60_000],
  ['a load test that has ended, in a stack that moves', { name: 'abc', type: 'Advanced', status: 'COMPLETED' }, false, 20_000],
  ['a rehearsal', { name: 'abc' }, true, 1000],
])('the pause of %s', (_what, job, isRehearsed, pause) => {
  expect(pauseOf(readingOf(jobOf(job)), { failures: 0, isRehearsed })).toBe(pause);
});

/** A terminal that writes down what happens to it. */
function terminal() {
  const log: string[] = [];
  let resize: (() => void) | undefined;
  const screen: Screen = {
    columns: 80,
    rows: 24,
    draw: () => { log.push('draw'); },
    clear: () => { log.push('clear'); },
    done: () => { log.push('done'); },
    onResize: (hear) => {
      resize = hear;
      return () => { resize = undefined; };
    },
  };
  const io = { out: (text: string) => log.push(text), err: (text: string) => log.push(text), isTerminal: true, hasColors: false, columns: 80 };
  const presenter = new Presenter(io, { now: () => 0, sleep: async () => {} }, screen, false);
  return { log, presenter, say: (text: string) => presenter.above(text, (written) => log.push(written)), resize: () => resize?.() };
}

test('a command writes above the picture, and what it asks is not drawn over until the line has ended', () => {
  const { log, presenter, say } = terminal();
  say('begins\n');
  presenter.show(readingOf(undefined));
  say('works\r\n');
  say('\u001b[32mdone\n\u001b[39m');
  say('Do you wish to deploy? ');
  presenter.show(readingOf(jobOf({ name: 'abc' })));
  say('y\n');
  expect(log).toEqual(['clear', 'begins\n', 'draw', 'clear', 'works\r\n', 'draw', 'clear', '\u001b[32mdone\n\u001b[39m', 'draw', 'clear', 'Do you wish to deploy? ', 'clear', 'y\n', 'draw']);
});

test('a picture is drawn anew in another size, and nothing is drawn after the end', () => {
  const { log, presenter, say, resize } = terminal();
  presenter.show(readingOf(undefined));
  resize();
  presenter.end();
  presenter.end();
  resize();
  presenter.show(readingOf(jobOf({ name: 'abc' })));
  say('bye\n');
  expect(log).toEqual(['draw', 'draw', 'clear', 'done', 'bye\n']);
});

test('a remark is in the picture; before the first one it is a line', () => {
  const { log, presenter } = terminal();
  presenter.remark('AWS cannot be reached');
  presenter.show(readingOf(undefined));
  presenter.remark('AWS gets too many calls');
  expect(log).toEqual(['AWS cannot be reached', 'draw', 'draw']);
});
