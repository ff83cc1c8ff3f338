import { create } from 'log-update';

/** As much of a terminal's stream as drawing takes. */
interface TerminalStream {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on(event: 'resize', hear: () => void): unknown;
  off(event: 'resize', hear: () => void): unknown;
}

/** The lines at the end of a terminal, which are drawn anew. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  draw(lines: readonly string[]): void;
  /** Takes the lines away. */
  clear(): void;
  /** Calls back when the window has another size. Returns a function that ends this. */
  onResize(hear: () => void): () => void;
  /** Keeps the lines as they are, and shows the cursor again. */
  done(): void;
}

const UP_AND_ERASE = '\u001b[2K\u001b[1A';

export function screenOf(stream: TerminalStream): Screen {
  const size = { get columns() { return stream.columns || 80; }, get rows() { return stream.rows || 24; } };
  // A program that runs beside may have the terminal in raw mode, in which a line feed goes down only.
  const write = (text: string) => stream.write(text.replace(/\r?\n/g, '\r\n'));
  // A cursor that is hidden would be missed where the program beside asks something.
  const drawn = Object.defineProperties({ write } as unknown as NodeJS.WritableStream, Object.getOwnPropertyDescriptors(size));
  const update = create(drawn, { showCursor: true });
  let widths: readonly number[] = [];
  return {
    get columns() { return size.columns; },
    get rows() { return size.rows; },
    draw(lines) {
      // Lines that were drawn in a wider window take more rows now.
      const more = widths.reduce((sum, width) => sum + Math.max(0, Math.ceil(width / size.columns) - 1), 0);
      if (more > 0) { write(UP_AND_ERASE.repeat(more)); }
      widths = lines.map((line) => [...plain(line)].length);
      update(lines.join('\n'));
    },
    clear() {
      widths = [];
      update.clear();
    },
    onResize(hear) {
      stream.on('resize', hear);
      return () => stream.off('resize', hear);
    },
    done() {
      widths = [];
      update.done();
    },
  };
}

/** Without colors. */
function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
