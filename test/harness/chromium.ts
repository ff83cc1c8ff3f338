import { existsSync } from 'fs';
import { Browser, chromium } from 'playwright-core';

const PATHS = [
  process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where a Chromium is that is installed already: none is downloaded. */
export const CHROMIUM = PATHS.find((path) => path && existsSync(path));

/** Starts it, without anything that it would do on a network by itself. */
export function startChromium(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: CHROMIUM,
    // Chromium refuses to have its sandbox for root.
    args: [...isRoot ? ['--no-sandbox'] : [], '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** Tests that need a Chromium. Without one they are skipped, and in CI they fail. */
export function inChromium(name: string, tests: () => void): void {
  if (CHROMIUM) { return describe(name, tests); }
  const sentence = 'needs a Chromium: install it, or set CHROMIUM_PATH to one';
  if (process.env.CI) {
    test(`${name} ${sentence}`, () => { throw new Error(`No Chromium was found, and CI is set: this ${sentence}.`); });
  } else {
    describe.skip(`${name} ${sentence}`, tests);
  }
}
