import { SEVERITIES, SEVERITY_RANK, type Severity } from '../model/vocabulary';

/** The worst severity; null without any. */
export function worstSeverity(severities: Iterable<Severity>): Severity | null {
  let worst: Severity | null = null;
  for (const severity of severities) {
    if (worst === null || SEVERITY_RANK[severity] < SEVERITY_RANK[worst]) worst = severity;
    if (worst === SEVERITIES[0]) break;
  }
  return worst;
}
