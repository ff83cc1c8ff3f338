import type { Io } from './terminal/io';
import { USAGES } from './terminal/usages';

type Run = (args: readonly string[], io: Io) => Promise<number>;

/** The verbs that read. Each loads its code when it runs: `--help` answers at once. */
export const READERS: Readonly<Record<keyof typeof USAGES, Run>> = {
  estimate: async (args, io) => (await import('./estimate/estimate.js')).estimate(args, io),
  show: async (args, io) => (await import('./show/show.js')).show(args, io),
  report: async (args, io) => (await import('./report/report.js')).report(args, io),
  watch: async (args, io) => (await import('./watch/watch.js')).watch(args, io),
  diagnose: async (args, io) => (await import('./diagnose/diagnose.js')).diagnose(args, io),
  compare: async (args, io) => (await import('./compare/compare.js')).compare(args, io),
};
