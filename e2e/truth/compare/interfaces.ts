/** Interfaces: who they are, which ENI they are on, and how sure that may be said. */
import { isIP } from 'node:net';
import type { InterfaceRecord, RecordMaps } from '../../../lib/model/records';
import type { SimTruth, TrueLink } from '../../testing/sim/truth/shape';
import { bare, equalSets, show, type Counts, type Say } from './what';

const SURE = { unknown: 0, inferred: 1, observed: 2 } as const;

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

export function compareInterfaces(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  const optional = new Set(truth.optionalPods);
  for (const record of records.interfaces.values()) {
    if (record.mac !== null && !MAC.test(record.mac)) say(`${record.id}: ${record.mac} is no MAC`);
    if (truth.interfaces[record.id] !== undefined || optional.has(bare(record.pod) ?? '')) continue;
    counts.extra += 1;
    say(`${record.id}: the cluster has no such interface`);
  }
  for (const [id, want] of Object.entries(truth.interfaces)) {
    counts.interfaces += 1;
    if (want.linkable) counts.linkable += 1;
    const record = records.interfaces.get(id);
    if (record === undefined) {
      counts.missing += 1;
      say(`${id}: missing`);
      continue;
    }
    const wrong = faultsOf(record, want);
    if (want.candidates.length > 0 && record.eni === null) counts.open += 1;
    if (record.eni !== null && want.certainty !== null && SURE[record.link.certainty] > SURE[want.certainty])
      counts.tooSure += 1;
    // What is shown may still be the pod that had the name before: that is late, not wrong.
    const isSamePod = records.pods.get(record.pod)?.uid === want.uid;
    if (!isSamePod) say(`${id}: is of an older pod`);
    if (isSamePod && record.eni !== null && record.eni !== want.eni && record.link.certainty === 'observed')
      counts.observedWrong += 1;
    if (wrong.length > 0) {
      counts.wrong += 1;
      say(`${id}: ${wrong.join('; ')} (${record.link.rule}, ${record.link.certainty}: ${record.link.evidence})`);
    }
    if (record.eni === null) {
      if (want.linkable) {
        counts.unlinked += 1;
        say(
          `${id}: not linked, it is ${want.eni ?? ''} by ${want.allowedRules.join(' or ')} (${record.link.evidence})`,
        );
      } else if (want.eni === null) counts.none += 1;
    } else if (record.eni === want.eni) counts[want.linkable ? 'linked' : 'beyond'] += 1;
  }
}

function faultsOf(record: InterfaceRecord, want: TrueLink): string[] {
  const wrong: string[] = [];
  const check = (what: string, got: unknown, wanted: unknown): void => {
    if (show(got) !== show(wanted)) wrong.push(`${what} is ${show(got)}, should be ${show(wanted)}`);
  };
  if (want.ips !== null && !equalSets(record.ips, want.ips)) check('ips', record.ips, want.ips);
  for (const ip of record.ips) if (isIP(ip) === 0) wrong.push(`${ip} is no address`);
  if (
    !equalSets(
      record.addresses.map(({ ip }) => ip),
      record.ips,
    )
  )
    check('addresses', record.addresses, record.ips);
  if (want.mac !== undefined) check('mac', record.mac, want.mac);
  check('network', record.network, want.network);
  if (want.device !== undefined) check('device', record.device?.pciAddress, want.device.pciAddress);
  check('node', bare(record.node), want.node);
  if (record.eni !== null) {
    check('eni', record.eni, want.eni);
    if (record.eni === want.eni) {
      if (want.allowedRules.length > 0 && !want.allowedRules.includes(record.link.rule))
        wrong.push(`rule ${record.link.rule} is none of ${want.allowedRules.join(', ')}`);
      if (want.certainty !== null) check('certainty', record.link.certainty, want.certainty);
      if (want.card !== undefined) check('card', record.card, want.card);
    }
  } else {
    if (want.eni === null) check('card', record.card, null);
    const unnamed = want.candidates.filter((id) => !record.link.candidates.includes(id));
    if (unnamed.length > 0) wrong.push(`of the candidates ${unnamed.join(', ')} is not named`);
    if (record.link.certainty === 'observed' && record.hostNic === null) wrong.push('observed, but nothing is');
  }
  for (const { ip, backed, eni } of record.addresses) {
    if ((backed === 'eni') !== (eni !== null)) wrong.push(`${ip} is backed by ${backed}, and names ${eni ?? 'no ENI'}`);
    if (backed === 'eni' && eni !== want.eni)
      wrong.push(`${ip} is said to be on ${eni ?? ''}, it is on ${want.eni ?? 'none'}`);
  }
  if (record.link.evidence === '') wrong.push('the link has no evidence');
  return wrong;
}
