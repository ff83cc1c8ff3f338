/** The text of a field without a value, because Parameter Store takes no empty value. */
export const EMPTY_PARAMETER = '-';

/** Names of the parameters below a path in Parameter Store. */
export function parameterNames(path: string) {
  return {
    /** The owner of the path: written before all others, and deleted after them. */
    owner: `${path}/owner`,
    /** All attributes as JSON, with the schema's version. */
    whole: `${path}/recommendation`,
    explanation: `${path}/explanation`,
    field: (attribute: string) => `${path}/${attribute}`,
    /** The path of the pending result, which is not adopted. */
    pending: `${path}/pending`,
  };
}
