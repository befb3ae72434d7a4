/** The rules as a list, by id. */
import * as list from './index';
import { byCodeUnit } from '../model/order';
import type { AnyRule } from './rule';

export const RULES: readonly AnyRule[] = Object.values(list).sort((a, b) => byCodeUnit(a.id, b.id));
