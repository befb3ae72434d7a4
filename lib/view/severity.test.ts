import { expect, test } from 'vitest';
import type { Severity } from '../model/vocabulary';
import { worstSeverity } from './severity';

test.each<[readonly Severity[], Severity | null]>([
  [[], null],
  [['info'], 'info'],
  [['info', 'warning', 'info'], 'warning'],
  [['warning', 'error', 'info'], 'error'],
])('the worst of %j is %s', (severities, worst) => expect(worstSeverity(severities)).toBe(worst));
