/** Where a verb writes, and for whom. */
export interface Io {
  /** Results: they may be piped. */
  readonly out: (text: string) => void;
  /** Progress and notes. */
  readonly err: (text: string) => void;
  /** Whether a person looks at the output, so that it may have colors and be drawn anew. */
  readonly isTerminal: boolean;
  readonly hasColors: boolean;
  readonly columns: number;
}

/** The process's own streams. NO_COLOR, FORCE_COLOR and TERM count as in Node.js itself. Source: https://no-color.org */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const isTerminal = Boolean(stdout.isTTY);
  return {
    out: (text) => stdout.write(`${text}\n`),
    err: (text) => stderr.write(`${text}\n`),
    isTerminal,
    hasColors: isTerminal && !env.NO_COLOR && env.TERM !== 'dumb' && stdout.hasColors(env as Record<string, string>),
    // A window changes its size.
    get columns() { return stdout.columns ?? 120; },
  };
}

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;
export type Style = keyof typeof CODES;

/** Text in a style, where the output has colors. */
export function styled({ hasColors }: Pick<Io, 'hasColors'>, style: Style, text: string): string {
  const [on, off] = CODES[style];
  return hasColors ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}
