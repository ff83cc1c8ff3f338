import { readFileSync } from 'fs';
import { pathToFileURL } from 'url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ALIKE, BOTH_KINDS, FAILED, GENERATIVE, MEASURED, Pages, SWEEP } from './report/pages';
import { inChromium, startChromium } from '../harness/chromium';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let pages: Pages;
let browser: Browser;

/** What a page does besides showing itself. */
interface Opened {
  readonly page: Page;
  readonly errors: string[];
  readonly requests: string[];
}

async function open(job: object, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const [errors, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) { errors.push(message.text()); } });
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(await pages.of(job)).href);
  return { page, errors, requests };
}

/** The pages, with the number of their plots. */
const PLOTS: ReadonlyArray<readonly [object, number]> = [[BOTH_KINDS, 3], [ALIKE, 3], [FAILED, 0], [GENERATIVE, 3], [MEASURED, 1], [SWEEP, 4]];

const drawings = (page: Page) => page.locator('.plot[role=img] > svg');

inChromium('the report in a browser', () => {
  beforeAll(async () => {
    pages = await Pages.open();
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    pages.close();
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

  test.each<[string, object, number]>([
    ['a job with both kinds', BOTH_KINDS, 3], ['ten that are alike', ALIKE, 3], ['a failed job', FAILED, 0],
    ['a generative job', GENERATIVE, 3], ['a benchmark', MEASURED, 1], ['a sweep', SWEEP, 4],
  ])(
    'opens from a file without an error and without a request: %s', async (_what, job, plots) => {
      const { page, errors, requests } = await open(job);
      if (plots > 0) { await drawings(page).nth(plots - 1).waitFor(); }
      expect(await drawings(page).count()).toBe(plots);
      expect(errors).toEqual([]);
      expect(requests).toEqual([page.url()]);
    });

  test('a name from outside runs nothing', async () => {
    const { page: measured } = await open(SWEEP);
    await drawings(measured).nth(3).waitFor();
    expect(await measured.evaluate('[window.pwned, document.images.length]')).toEqual([undefined, 0]);
    const { page } = await open(FAILED);
    expect(await page.evaluate('[window.pwned, document.images.length]')).toEqual([undefined, 0]);
    expect(await page.locator('.failure').textContent()).toContain('<img src=x onerror=');
  });

  test('its policy forbids it to ask a network', async () => {
    const { page } = await open(BOTH_KINDS);
    expect(await page.evaluate("fetch('https://example.invalid/').then(() => 'asked', (error) => error.name)")).toBe('TypeError');
    expect(await page.evaluate(`new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
      const image = new Image();
      image.src = 'https://example.invalid/a.png';
    })`)).toBe('img-src');
  });

  test.each(['light', 'dark'] as const)('axe-core finds nothing against it, in %s', async (colorScheme) => {
    for (const [job, plots] of PLOTS) {
      const { page } = await open(job, { colorScheme });
      if (plots > 0) { await drawings(page).nth(plots - 1).waitFor(); }
      await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
      await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate('axe.run()') as any;
      expect(violations.map(({ id, nodes }: any) => [id, nodes[0].html])).toEqual([]);
      expect(passes.map(({ id }: any) => id)).toEqual(expect.arrayContaining(['color-contrast', 'html-has-lang', 'page-has-heading-one']));
    }
  });

  test('the texts in the plots have a contrast of 4.5 in the dark as well', async () => {
    const { page } = await open(BOTH_KINDS, { colorScheme: 'dark' });
    await drawings(page).nth(2).waitFor();
    const contrasts = await page.evaluate(`(() => {
      const light = (color) => {
        const [red, green, blue] = color.match(/[\\d.]+/g).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      return [...document.querySelectorAll('.plot text')].filter((text) => text.textContent).map((text) => {
        const [a, b] = [getComputedStyle(text).fill, getComputedStyle(text.closest('.card')).backgroundColor].map(light).sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
      });
    })()`) as number[];
    expect(contrasts.length).toBeGreaterThan(20);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  });

  describe('the slider', () => {
    const says = (page: Page) => page.locator('output').textContent();
    const month = (page: Page) => page.locator('table[id^=rows] tbody tr').first().locator('td').nth(3).textContent();

    test('moves by keys: the figures, the plot and what is announced follow', async () => {
      const { page, errors } = await open(BOTH_KINDS);
      const slider = page.getByRole('slider', { name: 'Load' });
      await slider.focus();
      expect([await slider.getAttribute('aria-valuetext'), await says(page), await month(page)]).toEqual([
        '5,100 requests a minute', 'At 5,100 requests a minute, ml.c5.xlarge costs the least: 148.92 USD a month for 1 instance.', '148.92',
      ]);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect([await slider.getAttribute('aria-valuetext'), await page.getByRole('spinbutton').inputValue(), await month(page)]).toEqual(['6,300 requests a minute', '6300', '297.84']);
      expect(await page.locator('#plot-0-0-fleet').getAttribute('aria-label')).toContain(await says(page));
      await page.keyboard.press('Home');
      expect(await says(page)).toBe('At 1 request a minute, serverless 2048 MB, which may not be chosen here, costs the least: 0.6276 USD a month for a concurrency of 1. '
        + 'The chosen ml.c5.xlarge costs 148.92 USD for 1 instance.');
      expect(await page.locator('output').getAttribute('aria-live')).toBe('polite');
      expect(errors).toEqual([]);
    });

    test('takes an exact number as well, and no number that is none', async () => {
      const { page } = await open(BOTH_KINDS);
      const [field, slider] = [page.getByRole('spinbutton', { name: 'requests a minute' }), page.getByRole('slider')];
      await field.fill('12345');
      expect([await slider.getAttribute('aria-valuetext'), await page.locator('table[id^=rows] .load').textContent()]).toEqual(['12,350 requests a minute', '12,350 requests a minute']);
      expect(await slider.inputValue()).toBe('82');
      const before = await says(page);
      await field.fill('-5');
      expect([await says(page), await field.getAttribute('aria-invalid')]).toEqual([before, 'true']);
      await field.fill('100');
      expect([await says(page), await field.getAttribute('aria-invalid')]).not.toEqual([before, 'true']);
    });
  });

  test.each([360, 1280])('at %i pixels nothing is beside the page, each plot is whole, and no label covers another', async (width) => {
    for (const [job, plots] of PLOTS) {
      const { page } = await open(job, { viewport: { width, height: 800 } });
      if (plots > 0) { await drawings(page).nth(plots - 1).waitFor(); }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await page.evaluate(`[...document.querySelectorAll('.plot svg')].flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent && !text.closest('[aria-label=tip]'));
        const outside = texts.filter((text) => {
          const { left, right, top, bottom } = text.getBoundingClientRect();
          return left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 1 || bottom > frame.bottom + 1;
        });
        const boxes = [...svg.querySelectorAll('.label')].map((text) => [text.textContent, text.getBoundingClientRect()]);
        const covering = boxes.flatMap(([name, a], at) => boxes.slice(at + 1).filter(([, b]) => a.left + 2 < b.right && b.left + 2 < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom)
          .map(([other]) => name + ' and ' + other));
        return [...outside.map((text) => 'outside: ' + text.textContent), ...covering];
      })`)).toEqual([]);
    }
  });

  test('a narrower window draws the plots anew', async () => {
    const { page } = await open(BOTH_KINDS, { viewport: { width: 1280, height: 800 } });
    const fleet = page.locator('#plot-0-0-fleet svg');
    await fleet.waitFor();
    const wide = Number(await fleet.getAttribute('width'));
    await page.setViewportSize({ width: 600, height: 800 });
    await page.waitForFunction(`Number(document.querySelector('#plot-0-0-fleet svg').getAttribute('width')) < ${wide}`);
  });

  test('without scripts the tables are there, and no control that would do nothing', async () => {
    const { page } = await open(BOTH_KINDS, { javaScriptEnabled: false });
    expect(await page.getByText('Without its script').isVisible()).toBe(true);
    expect(await page.locator('input[type=range]').isVisible()).toBe(false);
    expect(await page.getByRole('table', { name: 'All recommendations' }).isVisible()).toBe(true);
  });

  test('on paper there is no slider, and what is folded is open', async () => {
    const { page } = await open(BOTH_KINDS);
    await drawings(page).nth(2).waitFor();
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('input[type=range]').isVisible()).toBe(false);
    expect(await page.locator('details:not([open])').count()).toBe(0);
  });
});
