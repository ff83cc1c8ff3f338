import type { Facts, Place, Said } from './facts';
import { redacted } from './redaction';
import { PAGES, Rule, Saw } from './rule';
import { RULES } from './rules';

/** Why something went wrong, the likeliest first. */
export interface Cause {
  readonly id: string;
  /** From 0 to 1. */
  readonly likelihood: number;
  readonly title: string;
  readonly saw: readonly Saw[];
  readonly remedy: string;
  /** The page of the guide. */
  readonly page: string;
}

/** A text that names its cause, one that names a symptom, and what each further place that says so adds. */
const [NAMED, SYMPTOM, FURTHER] = [0.88, 0.5, 0.03];
/** Facts by themselves, and with a symptom that they explain. */
const [FACTS, EXPLAINED] = [0.6, 0.9];
const [MOST, MOST_OF_SYMPTOM] = [0.99, 0.59];
/** A symptom that nothing explains is the nearest to a cause that is known. */
const ALONE = 1.4;
/** From what is told to everybody to what only the container says. */
const PLACES: readonly Place[] = ['event', 'job', 'benchmark', 'log'];
/** So many pieces of evidence are shown. */
const MOST_SAW = 5;

/** The causes that the rules see in the facts, in the order of their likelihood. Of equal ones, the order of the rules decides. */
export function causesOf(facts: Facts, rules: readonly Rule[] = RULES): Cause[] {
  const texts = new Map(rules.map((rule) => [rule.id, facts.said.flatMap((said) => matched(rule, said, facts))]));
  const found = rules.flatMap((rule) => causeOf(rule, texts, facts));
  const isSymptom = ({ id }: Cause) => rules.find((rule) => rule.id === id)?.isSymptom ?? false;
  const causes = (found.every(isSymptom) ? found.map((cause) => ({ ...cause, likelihood: inHundredths(cause.likelihood * ALONE) })) : found)
    .sort((a, b) => b.likelihood - a.likelihood);
  if (causes.length > 0 || !facts.said.some(({ place }) => place !== 'log')) { return causes; }
  return [unknown(facts)];
}

/** A text that a rule takes for its cause, shortened to where it says so. */
interface Match {
  readonly said: Said;
  readonly saw: Saw;
}

function matched({ says, places, counts }: Rule, said: Said, facts: Facts): Match[] {
  if (!says || (places && !places.includes(said.place))) { return []; }
  const found = says.exec(said.text);
  if (!found || counts?.(said, facts) === false) { return []; }
  return [{ said, saw: { source: said.source, text: excerpt(said.text, found.index, found[0].length) } }];
}

function causeOf(rule: Rule, texts: ReadonlyMap<string, readonly Match[]>, facts: Facts): Cause[] {
  const matches = [...texts.get(rule.id) ?? []].sort((a, b) => b.said.weight - a.said.weight);
  const seen = rule.sees?.(facts) ?? [];
  if (matches.length === 0 && seen.length === 0) { return []; }
  const isExplanation = (rule.explains ?? []).some((id) => (texts.get(id)?.length ?? 0) > 0);
  const places = new Set(matches.map(({ said }) => said.place)).size;
  const ofTexts = matches.length === 0 ? 0 : (rule.isSymptom ? SYMPTOM : NAMED) * matches[0].said.weight + FURTHER * (places - 1);
  const ofFacts = seen.length === 0 ? 0 : isExplanation ? Math.max(EXPLAINED, rule.weight ?? 0) : rule.weight ?? FACTS;
  const both = 1 - (1 - ofTexts) * (1 - ofFacts);
  const likelihood = Math.min(rule.most ?? (rule.isSymptom ? MOST_OF_SYMPTOM : MOST), both);
  const shown = PLACES.flatMap((place) => matches.filter(({ said }) => said.place === place));
  const saw = distinct([...shown.map((match) => match.saw), ...seen]).slice(0, MOST_SAW)
    .map(({ source, text }) => ({ source: redacted(source, facts.secrets), text: redacted(text, facts.secrets) }));
  const remedy = typeof rule.remedy === 'string' ? rule.remedy : redacted(rule.remedy(saw, facts), facts.secrets);
  return [{ id: rule.id, likelihood: inHundredths(likelihood), title: rule.title, saw, remedy, page: rule.page }];
}

function inHundredths(likelihood: number): number {
  return Math.round(likelihood * 100) / 100;
}

/** The same text is shown once, where it counts most. */
function distinct(saw: readonly Saw[]): Saw[] {
  return saw.filter(({ text }, index) => !saw.slice(0, index).some((earlier) => earlier.text.includes(text) || text.includes(earlier.text)));
}

/** Characters before and after the words that count. */
const AROUND = 160;

function excerpt(text: string, at: number, length: number): string {
  const [from, to] = [Math.max(0, at - AROUND), Math.min(text.length, at + length + AROUND)];
  const cut = text.slice(from, to).replace(/\s+/g, ' ').trim();
  return `${from > 0 ? '…' : ''}${cut}${to < text.length ? '…' : ''}`;
}

/** Something failed, and no rule knows why. */
function unknown({ said, secrets }: Facts): Cause {
  const texts = said.filter(({ place }) => place !== 'log').sort((a, b) => b.weight - a.weight);
  return {
    id: 'unknown',
    likelihood: 0.2,
    title: 'No rule knows this failure',
    saw: distinct(texts.map(({ source, text }) => ({ source, text: redacted(excerpt(text, 0, AROUND), secrets) }))).slice(0, MOST_SAW),
    remedy: 'Read the reason and the log streams, try the model on one endpoint, and report a failure that should be known.',
    page: PAGES.troubleshooting,
  };
}
