import { EventEmitter } from 'events';
import * as fc from 'fast-check';
import { screenOf } from '../../../cli/src/terminal/screen';

/** A terminal as far as drawing needs one: what it shows, line by line. It breaks lines anew when its width changes, as terminals do. */
class Terminal extends EventEmitter {
  public rows = 50;
  private text: string[] = [''];
  private line = 0;

  constructor(public columns: number) { super(); }

  public write(text: string): void {
    // eslint-disable-next-line no-control-regex
    for (const [part] of text.matchAll(/\u001b\[(\d*)([A-Z])|\r\n|\n|\r|[^\u001b\r\n]+/g)) {
      if (part === '\u001b[1A') { this.line = Math.max(0, this.line - 1); } else if (part === '\u001b[2K') { this.text[this.line] = ''; } else if (part === '\u001b[G' || part === '\r') { /* To the left. */ } else if (part === '\r\n') {
        this.line++;
        this.text[this.line] ??= '';
      } else if (part.startsWith('\u001b') || part === '\n') { throw new Error(`The terminal does not know ${JSON.stringify(part)}`); } else { this.text[this.line] = part; }
    }
  }

  public narrow(columns: number): void {
    this.columns = columns;
    const broken = this.text.map((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? ['']);
    this.line = broken.slice(0, this.line).flat().length;
    this.text = broken.flat();
    this.emit('resize');
  }

  public get shown(): string[] {
    return this.text.filter((line) => line !== '');
  }
}

const pictures = fc.array(fc.array(fc.stringMatching(/^[a-z]{1,20}$/), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 });

test('only the last picture is seen, below what was written before', () => {
  fc.assert(fc.property(pictures, (all) => {
    const terminal = new Terminal(40);
    terminal.write('before\r\n');
    const screen = screenOf(terminal);
    all.forEach((lines) => screen.draw(lines));
    expect(terminal.shown).toEqual(['before', ...all.at(-1)!]);
    screen.clear();
    expect(terminal.shown).toEqual(['before']);
  }));
});

test('a window that gets narrower has no rest of the picture that was wider', () => {
  fc.assert(fc.property(pictures, fc.integer({ min: 20, max: 39 }), (all, columns) => {
    const terminal = new Terminal(40);
    terminal.write('before\r\n');
    const screen = screenOf(terminal);
    const wide = all.map((lines) => lines.map((line) => line.repeat(2).slice(0, 40)));
    let drawn = 0;
    screen.onResize(() => screen.draw(all[drawn]));
    wide.forEach((lines, index) => { screen.draw(lines); drawn = index; });
    terminal.narrow(columns);
    expect(terminal.shown).toEqual(['before', ...all[drawn]]);
  }));
});

test('a stream without a size has one, and what is kept stays', () => {
  const terminal = new Terminal(0);
  const screen = screenOf(terminal);
  expect(screen.columns).toBe(80);
  screen.draw(['kept']);
  screen.done();
  screen.draw(['next']);
  expect(terminal.shown).toEqual(['kept', 'next']);
});

test('who hears of another size can stop hearing', () => {
  const terminal = new Terminal(40);
  let heard = 0;
  const end = screenOf(terminal).onResize(() => { heard++; });
  terminal.emit('resize');
  end();
  terminal.emit('resize');
  expect(heard).toBe(1);
});
