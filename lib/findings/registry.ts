/** The rules as a list, by id; a file with rules for two scopes contributes two rules with one id. */
import * as list from './index';
import { byCodeUnit } from '../model/order';
import type { AnyRule, RuleFile } from './rule/rule';

const files: readonly RuleFile[] = Object.values(list);

/** All rules, sorted by id. */
export const RULES: readonly AnyRule[] = files.flat().sort((a, b) => byCodeUnit(a.id, b.id));
