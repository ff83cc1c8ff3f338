import { existsSync } from 'fs';
import { delimiter, join } from 'path';
import { Browser, chromium } from 'playwright-core';

/** `.ci/run` looks for the same ones. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const OFF_PATH = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Where a Chromium is that is installed already, or that `CHROMIUM_PATH` names: none is downloaded. */
export const CHROMIUM = process.env.CHROMIUM_PATH || [...NAMES.flatMap(onPath), ...OFF_PATH].find((path) => existsSync(path));

function onPath(name: string): string[] {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
}

/** Starts it, without anything that it would do on a network by itself. */
export function startChromium(): Promise<Browser> {
  if (!CHROMIUM) { throw new Error(`No Chromium was found: install it, or set CHROMIUM_PATH to one. Looked for ${NAMES.join(', ')} on the PATH.`); }
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
