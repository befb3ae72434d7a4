/**
 * Dates a capture without `takenAt`: the newest time that an API server or EC2 recorded in it. Only fields about past
 * events count; others, such as a certificate's expiry in an annotation or the end of a pod's grace period, may be in
 * the future.
 */
import type { Timestamp } from '../../model/records';
import { timestamp } from '../../normalise/read/guards';

const FIELDS =
  'creationTimestamp|lastHeartbeatTime|lastTransitionTime|lastProbeTime|lastUpdateTime|startTime|startedAt|finishedAt|firstTimestamp|lastTimestamp|lastObservedTime|eventTime|time|lastSuccessfulUpdateTime|AttachTime|LaunchTime|AssignedTime|UnassignedTime';
const MOMENT = '([0-9T:.Z+-]{20,40})';

const JSON_FIELD = new RegExp(`"(?:${FIELDS})"\\s*:\\s*"${MOMENT}"`, 'g');
const YAML_FIELD = new RegExp(`^[ -]*(?:${FIELDS}): *["']?${MOMENT}["']?[ \\r]*$`, 'gm');

/** Times of past events as `kubectl describe` prints them: fields, and the first time of a node's condition. */
const DESCRIBED =
  /^ *(?:(?:Start Time|Started|Finished|CreationTimestamp|AcquireTime|RenewTime): +|\w+ +(?:True|False|Unknown) {2,})([A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4})/gm;

/** A time as `kubectl describe` prints it, `Mon, 30 Nov 2026 10:00:00 +0000`; null for other text. */
export function describedTime(text: string | null): Timestamp | null {
  const at = /^[A-Z][a-z]{2}, /.test(text ?? '') ? Date.parse(text ?? '') : NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString().replace('.000Z', 'Z');
}

/** The newest recorded time in the texts; null without one. */
export function newestTimestamp(texts: Iterable<string>): Timestamp | null {
  let newest: Timestamp | null = null;
  let at = -Infinity;
  for (const one of texts)
    // A file may contain both formats, for example pasted text.
    for (const pattern of [JSON_FIELD, YAML_FIELD, DESCRIBED])
      for (const match of one.matchAll(pattern)) {
        const found = timestamp(match[1]) ?? describedTime(match[1] ?? null);
        if (found === null) continue;
        const time = Date.parse(found);
        if (time > at) {
          at = time;
          newest = found;
        }
      }
  return newest;
}
