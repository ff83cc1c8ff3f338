import { createHash } from 'crypto';
import { ALIKE, BOTH_KINDS, FAILED, INJECTED, Pages } from './pages';
import { STYLE } from '../../../cli/src/report/style';

let pages: Pages;
beforeAll(async () => { pages = await Pages.open(); });
afterAll(() => pages.close());

const KB = 1024;

/** What a reader sees: without the style and the scripts. */
function textOf(page: string): string {
  return page.replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '').replace(/<[^>]+>/g, ' ').replace(/&#39;/g, "'").replace(/\s+/g, ' ');
}

test('a page is one file, below half a megabyte, that names nothing of the network', async () => {
  const page = await pages.text(ALIKE);
  expect(page.length).toBeLessThan(500 * KB);
  const document = page.replace(/<script>.*?<\/script>/s, '');
  expect([...document.matchAll(/\s(?:src|srcset|href|action|poster|data)\s*=\s*["']?([^"'\s>]+)/gi)].map(([, address]) => address)).toEqual(['#main']);
  expect(document).not.toMatch(/url\(|@import|https?:/);
});

test('its policy allows its own script and no other, and no request', async () => {
  const page = await pages.text(BOTH_KINDS);
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page)!;
  const [, script] = /<script>(.*?)<\/script>/s.exec(page)!;
  const hash = createHash('sha256').update(script).digest('base64');
  expect(policy.replaceAll('&#39;', "'")).toBe(`default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`);
});

test('a name from outside is text, wherever it stands', async () => {
  const page = await pages.text(FAILED);
  expect(page).not.toContain('<img');
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(textOf(page)).toContain('It failed: The container said &lt;/script&gt;&lt;img');
  const [, data] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)!;
  expect(JSON.parse(data).jobs[0].failureReason).toBe(`The container said ${INJECTED} and ended`);
});

test('it says what was benchmarked, when and for how long, what is chosen, why, and what the others are', async () => {
  const text = textOf(await pages.text(BOTH_KINDS));
  expect(text).toContain('Status COMPLETED');
  expect(text).toContain('Began 2 Oct 2026, 10:00 UTC');
  expect(text).toContain('Took 44 min');
  expect(text).toContain('Benchmarked shop');
  expect(text).toContain('ml.c5.xlarge × 1 has the lowest cost per inference of the 3 that may be chosen');
  expect(text).toContain('The runner-up, ml.m5.xlarge × 1, has 0.23 USD an hour, 12.7% more.');
  expect(text).toMatch(/4 rejected serverless 2048 MB × 1 – 14\.33 2,210 27 .*CostPerHour is not reported/);
});

test('without a script it tells the fleets, the break-even and the costs at other loads', async () => {
  const text = textOf(await pages.text(BOTH_KINDS));
  expect(text).toContain('At 5,100 requests a minute, ml.c5.xlarge costs the least: 148.92 USD a month for 1 instance.');
  // 0.204 USD an hour are as much as 237.3 requests a minute of 1.9 / 60 / 2,210 USD.
  expect(text).toContain('Break-even: serverless 2048 MB costs less than ml.c5.xlarge below 237.3 requests a minute. Above, instances cost less.');
  expect(text).toContain('Costs at other loads');
  expect(text).toContain('Without its script, this page has no plots and no slider.');
});

test('no value of an environment that the job did not tune is on it', async () => {
  expect(await pages.text(BOTH_KINDS)).not.toContain('a-secret-of-the-container');
});

test('a failed job has no choice, and its request', async () => {
  const text = textOf(await pages.text(FAILED));
  expect(text).toContain('Status FAILED');
  expect(text).toContain('The request');
  expect(text).not.toMatch(/fleet|chosen/);
});

test('headings have their order, and each id is there once', async () => {
  const page = await pages.text(BOTH_KINDS);
  const levels = [...page.matchAll(/<h([1-6])\b/g)].map(([, level]) => Number(level));
  expect(levels.filter((level) => level === 1)).toEqual([1]);
  levels.slice(1).forEach((level, at) => expect(level - levels[at]).toBeLessThanOrEqual(1));
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe('the colors of texts and marks on what is behind them', () => {
  const [light, dark] = STYLE.split('@media (prefers-color-scheme: dark)');
  const paper = STYLE.split('@media print')[1];
  const color = (part: string, name: string) => new RegExp(`--${name}: (#[0-9a-f]+);`).exec(part)![1];

  /** Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
  function contrast(one: string, other: string): number {
    const [a, b] = [one, other].map((hex) => {
      const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
      const parts = [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16) / 255);
      const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }).sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }

  test.each([['light', light], ['dark', dark.split('@media')[0]], ['on paper', paper]])('have a contrast of 4.5: %s', (_name, part) => {
    const texts = ['text', 'muted', 'chosen', 'second', 'other', 'rejected', 'front', 'limit', 'good', 'bad'];
    const weak = texts.flatMap((text) => ['card', 'page', 'chosen-soft', 'soft'].map((ground) => [text, ground] as const))
      .filter(([text, ground]) => ['card', 'page'].includes(ground) || ['text', 'muted', 'chosen'].includes(text))
      .filter(([text, ground]) => contrast(color(part, text), color(part, ground)) < 4.5);
    expect(weak).toEqual([]);
  });
});
