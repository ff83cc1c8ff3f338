import fc from 'fast-check';
import { facts, failedStack, said } from './recorded';
import { WORDINGS } from './wordings';
import { causesOf } from '../../../cli/src/diagnose/causes';
import { tell } from '../../../cli/src/diagnose/diagnose';
import type { Facts } from '../../../cli/src/diagnose/facts';
import { redacted, withoutSecrets } from '../../../cli/src/diagnose/redaction';

const PIECE = 8;

/** What a value is made of: characters that no other text has, besides white space and what JSON escapes. */
const value = fc.array(fc.constantFrom(...'QXZ#~^$*(\\"\'\n\t é '), { minLength: PIECE, maxLength: 400 }).map((all) => all.join(''))
  .filter((text) => text.trim().length >= PIECE);
/** With words that some rule looks for, so that there are excerpts from the midst. */
const filler = fc.array(fc.oneof(fc.constantFrom(' out of memory ', ' did not pass the ping health check ', '\n', '  '), fc.string({ unit: fc.constantFrom(...'abcdefgh ,.'), maxLength: 200 })), { maxLength: 4 })
  .map((all) => all.join(''));
const text = (secrets: readonly string[]) => fc.array(fc.oneof(filler, fc.constantFrom(...secrets)), { minLength: 1, maxLength: 6 }).map((all) => all.join(''));
const place = fc.constantFrom('event', 'job', 'benchmark', 'log' as const);

const found: fc.Arbitrary<Facts> = fc.array(value, { minLength: 1, maxLength: 3 }).chain((secrets) => fc.record({
  secrets: fc.constant(secrets),
  said: fc.array(fc.record({ words: text(secrets), where: place, source: text(secrets) }), { maxLength: 4 })
    .map((all) => all.map(({ words, where, source }) => ({ ...said(words, where), source }))),
  notes: fc.array(text(secrets), { maxLength: 2 }),
  reason: text(secrets),
})).map(({ reason, ...others }) => facts({ ...others, stack: failedStack(reason) }));

/** All texts of an answer, as people and as programs read it. White space of any kind is the same. */
function printed(given: Facts): string[] {
  const out: string[] = [];
  const io = { out: (line: string) => out.push(line), err: () => {}, isTerminal: false, hasColors: false, columns: 80 };
  tell(given, false, io);
  tell(given, true, io);
  const all: string[] = [out[0]];
  JSON.parse(out[1], (_key, one) => { if (typeof one === 'string') { all.push(one); } return one; });
  return all.map(evenly);
}

function evenly(words: string): string {
  return words.replace(/\s+/g, ' ');
}

function piecesOf(secret: string): string[] {
  const all = evenly(secret.trim());
  return Array.from({ length: Math.max(0, all.length - PIECE + 1) }, (_, at) => all.slice(at, at + PIECE));
}

test('nothing that is printed has a piece of a value, wherever it stands', () => {
  fc.assert(fc.property(found, (given) => {
    const shown = printed(withoutSecrets(given));
    expect(given.secrets.flatMap(piecesOf).filter((piece) => shown.some((one) => one.includes(piece)))).toEqual([]);
  }), { numRuns: 500 });
});

test('nothing that is printed has a piece of a signed address, wherever a text is cut', () => {
  fc.assert(fc.property(filler, filler, fc.nat(400), (before, after, length) => {
    const words = `${before} https://data.example/model?X-Amz-Date=1&${'Q'.repeat(length)}&X-Amz-Signature=SIGNED ${after}`;
    expect(printed(withoutSecrets(facts({ said: [said(words)], notes: [words] }))).filter((one) => /SIGNED|Amz|QQQ/.test(one))).toEqual([]);
  }));
});

test('a text that somebody has cut within a value, or of which a log has lines, hides what is left of it', () => {
  const secret = 'first-line-of-a-key\nsecond-line-of-a-key';
  expect(['ends first-line-of', 'ends first-line-… and more', 'it ends second-line-of', 'ne-of-a-key begins', '{"KEY":"first-line-of-a-key\\nsecond-line-of-a-key"}', 'log: second-line-of-a-key.']
    .map((one) => redacted(one, [secret]))).toEqual(['ends …', 'ends …… and more', 'it ends …', '… begins', '{"KEY":"…"}', 'log: ….']);
});

test('values that overlap are hidden as one', () => {
  expect(redacted('at abcdefghijklmnop.', ['abcdefghijkl', 'ijklmnop'])).toBe('at ….');
});

test('the rules know a cause by its words, whatever is hidden around them, and where a value is a plain word', () => {
  for (const { cause, text: words, place: where } of WORDINGS) {
    const [first] = causesOf(withoutSecrets(facts({ said: [said(words, where)], secrets: ['memory', 'model', 'error', 'true', 'ping'] })));
    expect([words, first.id]).toEqual([words, cause]);
  }
});

test.each([
  ['a name of AWS', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI'], ['a name in JSON', '{"SecretAccessKey":"wJalrXUtnFEMI"}'],
  ['JSON in JSON', '{"message":"{\\"password\\":\\"wJalrXUtnFEMI\\"}"}'], ['a header', 'Authorization: Bearer wJalrXUtnFEMI'],
  ['an address with a user', 'postgres://user:wJalrXUtnFEMI@db/x'], ['a value with a comma', 'password=abc,wJalrXUtnFEMI'],
  ['an address without a user', 'redis://:wJalrXUtnFEMI@cache:6379/0'], ['an address whose password has a slash', 'amqp://user:1a/wJalr/FEMI@queue:5672/x'],
  ['an address whose password has an @', 'amqp://user:a@wJalrXUtnFEMI@queue'], ['a header without a bearer', 'Authorization: Basic d0phbHI6RkVNSQ=='],
  ['a header in JSON', '{"Authorization":"Basic wJalrXUtnFEMI"}'], ['a header with no scheme', 'proxy-authorization=wJalrXUtnFEMI'], ['a scheme behind a name', 'auth: Basic wJalrXUtnFEMI'],
  ['a name as of a variable', 'PGPASSWORD=wJalrXUtnFEMI MYSQL_PWD=wJalrXUtnFEMI OPENAI_KEY=wJalrXUtnFEMI'], ['an option as of a variable', 'run --encryption-key wJalrXUtnFEMI'],
  ['an option', 'run --db-password wJalrXUtnFEMI --x'], ['a name with more after it', 'DB_PASSWORD_PROD=wJalrXUtnFEMI'],
])('what nobody knows as a secret is hidden by %s', (_how, words) => {
  expect(redacted(words, [])).not.toMatch(/wJalr|FEMI|d0phbHI6RkVNSQ/);
});

test.each([
  'run --max-num-batched-tokens 4096 --tokenizer llama', 'max_tokens=4096 PWD=/opt/program', 'ExpiredTokenException: The security token is expired', 'KeyError: model', 'http://host:8080/a/b of me@example.com',
  'https://host:8080/users/me@example.com', 'arn:aws:kms:us-east-1:111111111111:key/k', 'Basic authentication is not supported',
])('what is no secret stays: %s', (words) => {
  expect(redacted(words, [])).toBe(words);
});

test('a long text without a secret is read at once', () => {
  for (const piece of ['a', 'max_a', '_', '://a:', '--a-', 'a=', 'Bearer ']) { expect(redacted(`x ${piece.repeat(20_000)}`, []).length).toBeGreaterThan(1000); }
});

/** As writers of logs spell a value. */
const spellings: ReadonlyArray<(secret: string) => string> = [
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => JSON.stringify(secret).slice(1, -1).replace(/[^\x00-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (secret) => JSON.stringify(secret).slice(1, -1).replace(/[<>&']/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  encodeURIComponent, (secret) => encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase()),
];

test('a value is hidden however a log spells it, and also where the log ends within it', () => {
  const secret = fc.array(fc.constantFrom(...'QXZ#~^$*<>&\'"é/'), { minLength: 16, maxLength: 60 }).map((all) => all.join(''));
  fc.assert(fc.property(secret, fc.constantFrom(...spellings), fc.nat(), (one, spelled, cut) => {
    const written = spelled(one);
    expect(redacted(`log ${written} end`, [one])).toBe('log … end');
    const kept = 8 + cut % (written.length - 7);
    expect(redacted(`log ${written.slice(0, kept)}`, [one])).not.toContain(written.slice(0, 8));
  }), { numRuns: 500 });
});
