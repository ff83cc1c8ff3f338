import type { Rule } from './rule';
import { ACCOUNT_RULES } from './rules-account';
import { CHOICE_RULES } from './rules-choice';
import { CONTAINER_RULES } from './rules-container';
import { GENERATIVE_RULES } from './rules-generative';
import { INPUT_RULES } from './rules-input';
import { REQUEST_RULES } from './rules-request';
import { STACK_RULES } from './rules-stack';

/** Every cause that is known. Of equally likely ones, the first comes first. */
export const RULES: readonly Rule[] = [
  ...INPUT_RULES, ...ACCOUNT_RULES, ...CONTAINER_RULES, ...GENERATIVE_RULES, ...REQUEST_RULES, ...CHOICE_RULES, ...STACK_RULES,
];
