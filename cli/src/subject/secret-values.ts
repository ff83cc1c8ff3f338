import type { JobRecommendation } from '../../../lambda/jobs/family';

/** Names of variables that hold secrets, as containers of models have them: `HF_TOKEN`, `HUGGING_FACE_HUB_TOKEN`, `DB_PASSWORD`. */
const SECRET = /(^|_)(api_?keys?|access_?keys?|auth|credentials?|passwd|password|pat|private_?keys?|secrets?|tokens?)(_|$)/i;
/** They are settings, and no secrets: `MAX_TOTAL_TOKENS`. */
const COUNTED = /(^|_)(max|min|num|total|batch|prefill|input|output)(_\w+)*_tokens?(_|$)/i;

/** A recommendation whose environment may be shown: the names of variables that hold secrets stay, and their values do not. */
export function withoutSecretValues(recommendation: JobRecommendation): JobRecommendation {
  return { ...recommendation, environment: Object.fromEntries(Object.entries(recommendation.environment).map(([name, value]) => [name, isSecret(name) ? '…' : value])) };
}

function isSecret(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/\W/g, '_');
  return SECRET.test(words) && !COUNTED.test(words);
}
