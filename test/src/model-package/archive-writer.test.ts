import { gunzipSync } from 'zlib';
import fc from 'fast-check';
import { Header, Pax } from 'tar';
import { Gzip, tarHeader, tarPadding } from '../../../src/model-package/archive-writer';

function compressed(pieces: readonly Buffer[]): Buffer {
  const written: Buffer[] = [];
  const gzip = new Gzip((bytes) => written.push(bytes));
  pieces.forEach((piece) => gzip.push(piece));
  gzip.end();
  return Buffer.concat(written);
}

/** More than one piece that is compressed on its own: bytes that compress and bytes that do not. */
const content = Buffer.concat([Buffer.alloc(1_200_000, 'a,b\n'), Buffer.from(Array.from({ length: 300_000 }, (_none, index) => (index * 7919 + Math.floor(index / 32)) % 256)), Buffer.alloc(800_000)]);

test('any pieces of a content are one gzip stream with it, and the same bytes', () => {
  const whole = compressed([content]);
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: content.length }), { maxLength: 6 }), (cuts) => {
    const at = [0, ...cuts.sort((a, b) => a - b), content.length];
    const bytes = compressed(at.slice(1).map((end, index) => content.subarray(at[index], end)));
    expect(bytes.equals(whole)).toBe(true);
    expect(gunzipSync(bytes).equals(content)).toBe(true);
  }), { numRuns: 15 });
  expect(whole.length).toBeLessThan(content.length / 2);
  expect(gunzipSync(compressed([]))).toHaveLength(0);
});

/** What another implementation reads in a header. */
function read(header: Buffer) {
  const first = new Header(header);
  if (first.type !== 'ExtendedHeader') { return { ...first, type: first.type, blocks: header.length / 512 }; }
  const extended = Pax.parse(header.toString('utf8', 512, 512 + first.size!));
  const second = new Header(header, header.length - 512, extended);
  return { ...second, type: second.type, blocks: header.length / 512, isValid: first.cksumValid };
}

const file = { mode: 0o644, mtime: new Date(0), type: 'File', cksumValid: true };

test('a name and a size that have room are in one block', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'abc/.- xyz'), minLength: 1, maxLength: 100 }), fc.nat(), (path, size) => {
    // A directory's name ends with a slash.
    fc.pre(!path.endsWith('/'));
    expect(read(tarHeader(path, size))).toMatchObject({ path, size, blocks: 1, mode: 0o644, mtime: new Date(0), cksumValid: true });
  }));
});

test.each<[string, string, number, number]>([
  ['a long name', `${'d'.repeat(80)}/${'n'.repeat(80)}`, 1, 3],
  ['a name that is not ASCII', 'modèle/\u{1F600}', 1, 3],
  // The extended header of a name with 504 bytes is a block and two bytes: its length counts its own digits.
  ...[89, 90, 91, 92, 498, 499, 500].map((more): [string, string, number, number] => [`a name whose record has about as many bytes as another digit needs: ${more}`, 'é'.repeat(11) + 'n'.repeat(more), 1, more < 480 ? 3 : 4]),
  ['8 GiB', 'weights.bin', 8 * 1024 ** 3, 3],
  ['a terabyte', 'weights.bin', 1024 ** 4, 3],
])('%s is in an extended header', (_what, path, size, blocks) => {
  expect(read(tarHeader(path, size))).toMatchObject({ path, size, blocks, isValid: true, ...file });
});

test('the last byte that fits needs no extended header', () => {
  expect(read(tarHeader('n'.repeat(100), 8 * 1024 ** 3 - 1))).toMatchObject({ path: 'n'.repeat(100), size: 8 * 1024 ** 3 - 1, blocks: 1, ...file });
});

test('a content is filled up to whole blocks', () => {
  for (const size of [0, 1, 511, 512, 513, 3 * 512]) { expect((size + tarPadding(size).length) % 512).toBe(0); }
  expect(tarPadding(1024)).toHaveLength(0);
});
