import type { Facts } from './facts';
import { withoutQueries } from '../../../lambda/runtime/errors';
import { isSecretName } from '../subject/secret-values';

/** The ids of access keys. */
const KEYS = /\b(?:AKIA|ASIA)[0-9A-Z]{12,}\b/g;
/** A name with its value. An error's name is one, too, and what follows it is none. */
const NAMED = /((?<![\w-])(?![\w-]*(?:exception|error|failure)\b)([\w-]+)(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)(?:(?:basic|bearer|digest|token)\s+)?[^\s"'\\;]+/gi;
/** On a command line, the value follows a space. */
const OPTION = /((?<![\w-])--([\w-]+)\s+)(?!--)[^\s"'\\;]+/gi;
const BEARER = /(\bBearer\s+)[\w.~+/=-]{8,}/gi;
const HEADER = /(\bAuthorization(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)(?:[\w-]+\s+[^\s"'\\]{4,}|[^\s"'\\]{8,})/gi;
/** The password in an address, also without a user, and also with a slash. A port has one behind it. */
const OF_USER = /(:\/\/(?::|[^\s:/@]{1,200}:(?!\d{1,5}[/?#])))(?:[^\s"'<>\\]{1,500}|[^\s@/]+)(?=@)/g;

/** A shorter value is no secret, and may be a part of any text. */
const SHORTEST_SECRET = 4;
/** So much of a secret is one, too: a text may begin or end within it. */
const SHORTEST_PIECE = 8;
/** A plain word, such as `true` or `model`, which the rules may look for. */
const WORD = /^[a-z]{1,7}$/i;

/** The facts with whole texts as they may be shown, before any is cut. What the rules look for stays. */
export function withoutSecrets({ stack, said, notes, ...others }: Facts): Facts {
  const secrets = others.secrets.filter((value) => !WORD.test(value));
  const shown = (text: string) => redacted(text, secrets);
  return {
    ...others,
    stack: stack && { ...stack, failures: stack.failures.map((one) => ({ ...one, reason: shown(one.reason) })) },
    said: said.map((one) => ({ ...one, source: shown(one.source), text: shown(one.text) })),
    notes: notes.map((note) => redacted(note, others.secrets).replace(/\s+/g, ' ')),
  };
}

/** A text as it may be shown: without signatures in URLs, credentials, and the values of the containers' own variables. */
export function redacted(text: string, secrets: readonly string[]): string {
  const known = withoutQueries(withoutValues(text, secrets)).replace(KEYS, '…');
  const unnamed = [BEARER, HEADER, OF_USER].reduce((so, pattern) => so.replace(pattern, '$1…'), known);
  return [OPTION, NAMED].reduce((so, pattern) => so.replace(pattern, (whole, before: string, name: string) => (isSecretName(name) ? `${before}…` : whole)), unnamed);
}

/** Values may overlap, so all of them are found before any is hidden. */
function withoutValues(text: string, secrets: readonly string[]): string {
  const places = secrets.flatMap(formsOf).flatMap((value) => [...wholesIn(text, value), ...cutsIn(text, value)]).sort(([a], [b]) => a - b);
  let [shown, done] = ['', 0];
  for (const [from, to] of places) {
    if (from > done || done === 0) { shown += `${text.slice(done, from)}…`; }
    done = Math.max(done, to);
  }
  return shown + text.slice(done);
}

/** A value as texts have it: a log has each of its lines by itself, an address has it encoded, and JSON escapes it, some writers more than they must. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/[\r\n]+/).filter((line) => line.trim().length >= SHORTEST_PIECE);
  const json = JSON.stringify(secret).slice(1, -1);
  const address = encoded(secret);
  const inLowerCase = address.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());
  const all = [secret, ...lines, address, inLowerCase, json, withEscapes(json, /[^\x00-\x7f]/g), withEscapes(json, /[<>&']/g)];
  return [...new Set(all.map((value) => value.trim()))].filter((value) => value.length >= SHORTEST_SECRET);
}

function withEscapes(json: string, which: RegExp): string {
  return json.replace(which, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function encoded(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return value;
  }
}

type Place = readonly [from: number, to: number];

/** Where the whole value stands, also with other white space or escaped as in JSON. */
function wholesIn(text: string, value: string): Place[] {
  const search = new RegExp(value.split(/(\s+|["'\\])/).map(patternOf).join(''), 'g');
  const places: Place[] = [];
  for (let found = search.exec(text); found; found = search.exec(text)) {
    places.push([found.index, found.index + found[0].length]);
    search.lastIndex = found.index + 1;
  }
  return places;
}

function patternOf(part: string): string {
  if (/^\s+$/.test(part)) { return '(?:\\s|\\\\[nrtfv])+'; }
  if (part === '\\') { return '\\\\+'; }
  return part === '"' || part === '\'' ? `\\\\*${part}` : part.replace(/[.*+?^${}()|[\]]/g, '\\$&');
}

/** Where a text, or what somebody has shortened in it, ends or begins within the value. */
function cutsIn(text: string, value: string): Place[] {
  const cuts = [0, ...[...text.matchAll(/…|\.\.\./g)].flatMap(({ index, 0: mark }) => [index, index + mark.length]), text.length];
  return cuts.flatMap((cut): Place[] => {
    const [before, after] = [text.slice(Math.max(0, cut - SHORTEST_PIECE), cut), text.slice(cut, cut + SHORTEST_PIECE)];
    const begun = indexesOf(value, before).map((at) => at + SHORTEST_PIECE).filter((length) => text.slice(0, cut).endsWith(value.slice(0, length)));
    const ended = indexesOf(value, after).map((at) => value.length - at).filter((length) => text.startsWith(value.slice(-length), cut));
    return [...begun.map((length): Place => [cut - length, cut]), ...ended.map((length): Place => [cut, cut + length])];
  });
}

function indexesOf(value: string, piece: string): number[] {
  const indexes: number[] = [];
  if (piece.length < SHORTEST_PIECE) { return indexes; }
  for (let at = value.indexOf(piece); at >= 0; at = value.indexOf(piece, at + 1)) { indexes.push(at); }
  return indexes;
}
