/** The annotation `vpc.amazonaws.com/pod-eni`, written by the VPC resource controller (vpc-cni §6). */
import type { PodEniEntry } from '../../model/facts';
import { canonicalMac } from '../../model/ip';
import { address, count, objectOrNull, text } from '../read/guards';
import type { Fields } from '../read/guards';

/** The readable entries, and the problem of the others; `problem` is null without one. */
export interface PodEniAnnotation {
  readonly entries: readonly PodEniEntry[];
  readonly problem: string | null;
}

/** Parses the annotation's JSON list. An unreadable entry yields a problem instead. */
export function parsePodEni(annotation: string): PodEniAnnotation {
  let parsed: unknown;
  try {
    parsed = JSON.parse(annotation);
  } catch {
    return { entries: [], problem: 'vpc.amazonaws.com/pod-eni is not valid JSON' };
  }
  if (!Array.isArray(parsed)) return { entries: [], problem: 'vpc.amazonaws.com/pod-eni is not a list' };
  const entries: PodEniEntry[] = [];
  let unreadable = 0;
  for (const item of parsed as readonly unknown[]) {
    const one = objectOrNull(item);
    const eniId = one === null ? null : text(field(one, 'eniid'));
    if (one === null || eniId === null) {
      unreadable++;
      continue;
    }
    const mac = text(field(one, 'ifaddress'));
    entries.push({
      eniId,
      mac: mac === null ? null : canonicalMac(mac),
      privateIp: address(field(one, 'privateip')),
      ipv6: address(field(one, 'ipv6addr')),
      vlanId: count(field(one, 'vlanid')),
    });
  }
  return {
    entries,
    problem: unreadable === 0 ? null : 'vpc.amazonaws.com/pod-eni has an entry that names no ENI',
  };
}

/** Go's JSON decoder ignores case: the controller writes `vlanId`, the CNI reads `vlanID`. */
function field(entry: Fields, lowerCaseName: string): unknown {
  for (const key in entry) if (key.toLowerCase() === lowerCaseName) return entry[key];
  return undefined;
}
