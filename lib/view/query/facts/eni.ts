import type { EniRecord } from '../../../model/records';
import { freeSlots, warmAddresses } from '../../eni-slots';
import { addressesIn } from '../../eni-outline';
import { amount, ownFindingKeys, single, yesNo, type Fact, type KindFacts } from './fact';
import { bareId, nodeNames, tagTexts } from './names';

const MANAGED: Readonly<Record<EniRecord['management']['state'], Fact>> = {
  managed: ['yes'],
  unmanaged: ['no'],
  outside: ['no'],
  unknown: null,
};

/** The keys of ENIs. */
export const eniFacts: KindFacts<EniRecord> = {
  keys: {
    eni: ({ id }) => [id],
    node: ({ node }) => nodeNames(node),
    instance: ({ instanceId }) => single(instanceId),
    subnet: ({ subnet }) => single(subnet),
    zone: ({ zone }) => single(zone),
    type: ({ node }, { source }) => single(source.records.nodes.get(node ?? '')?.instanceType),
    ip: ({ addresses, prefixes }) => [...addresses.map(({ ip }) => ip), ...prefixes.map(({ cidr }) => cidr)],
    mac: ({ mac }) => single(mac),
    sg: ({ securityGroups }) => securityGroups,
    tag: ({ tags }) => tagTexts(tags),
    state: ({ addresses }) => addresses.map(({ state }) => state),
    managed: ({ management }) => MANAGED[management.state],
    why: ({ management }) => [management.rule],
    role: ({ role }) => [role],
    creator: ({ creator }) => [creator],
    status: ({ status, attachmentStatus }) =>
      status === null && attachmentStatus === null ? null : [status ?? '', attachmentStatus ?? ''],
    ipamd: ({ ipamd, management }) => yesNo(ipamd?.known ?? management.observed),
    card: ({ card }) => amount(card),
    device: ({ deviceIndex }) => amount(deviceIndex),
    prefixes: ({ prefixes, capacity }) => amount(prefixes.length, capacity),
    assigned: (eni) => amount(addressesIn(eni, 'assigned'), eni.addressCapacity),
    warm: (eni) => amount(warmAddresses(eni), eni.addressCapacity),
    cooling: (eni) => amount(addressesIn(eni, 'cooling'), eni.addressCapacity),
    free: (eni) => amount(freeSlots(eni), eni.capacity),
    ...ownFindingKeys<EniRecord>(),
  },
  texts: (eni) => [
    eni.id,
    eni.node === null ? null : bareId(eni.node),
    eni.instanceId,
    eni.mac,
    eni.subnet,
    eni.description,
    eni.hostDevice?.name,
    ...eni.securityGroups,
    ...tagTexts(eni.tags),
    ...eni.addresses.map(({ ip }) => ip),
    ...eni.prefixes.map(({ cidr }) => cidr),
  ],
};
