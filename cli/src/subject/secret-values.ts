import type { JobRecommendation } from '../../../lambda/jobs/family';

/** Names of what is secret, as containers of models have them, also behind other letters: `HF_TOKEN`, `HUGGING_FACE_HUB_TOKEN`, `PGPASSWORD`. */
const SECRET = /(^|_)[a-z0-9]*((api|access|private|secret)_?key|credential|passphrase|passwd|password|secret|signature|token)s?(_|$)|(^|_)(auth|pat)(_|$)/i;
/** A password, and not the folder that a shell is in. */
const PWD = /(?<!^|^old)_?pwd(_|$)/i;
const KEY = /_keys?$/i;
/** What finds something is no secret: `OBJECT_KEY`. */
const OPEN_KEY = /(^|_)(cache|foreign|object|partition|primary|public|routing|s3|sort)_keys?$/i;
/** They are settings, and no secrets: `MAX_TOTAL_TOKENS`. */
const COUNTED = /(^|_)((max|min|num|total)(_[a-z0-9]+)*_tokens|(max|min|num|total|batch(ed)?|new|prefill|input|output)(_(max|min|num|total|batch(ed)?|new|prefill|input|output))*_tokens?)(_|$)/i;

/** A recommendation whose environment may be shown: the names of variables that hold secrets stay, and their values do not. */
export function withoutSecretValues(recommendation: JobRecommendation): JobRecommendation {
  return { ...recommendation, environment: Object.fromEntries(Object.entries(recommendation.environment).map(([name, value]) => [name, isSecretName(name) ? '…' : value])) };
}

/** Whether a name says that its value is a secret: one of a variable, of an option, or of a member. */
export function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/\W/g, '_');
  return (SECRET.test(words) && !COUNTED.test(words)) || PWD.test(words) || (KEY.test(words) && !OPEN_KEY.test(words));
}
