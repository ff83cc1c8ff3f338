/** What a field without a value is in Parameter Store, which takes no empty one. */
export const EMPTY_PARAMETER = '-';

/** Names of what is written below a path in Parameter Store. */
export function parameterNames(path: string) {
  return {
    /** Who writes here: written before all others, and deleted after them. */
    owner: `${path}/owner`,
    /** All attributes as JSON, with the schema's version. */
    whole: `${path}/recommendation`,
    explanation: `${path}/explanation`,
    field: (attribute: string) => `${path}/${attribute}`,
    /** The path of the pending result: one that is not adopted. */
    pending: `${path}/pending`,
  };
}
