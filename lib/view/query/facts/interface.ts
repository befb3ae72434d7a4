import { ADDRESS_STATES, type AddressState } from '../../../model/vocabulary';
import type { InterfaceRecord } from '../../../model/records';
import { layoutEni } from '../../partial-set';
import { amount, findingKeys, single, placeKeys, type FactContext, type KindFacts } from './fact';
import { bareId, labelText, labelTexts, namesOf, namespaceOfPod, networkNames, nodeNames } from './names';

const KNOWN: ReadonlySet<string> = new Set<string>(ADDRESS_STATES);

/**
 * The states of the interface's addresses on its ENI. An address on no ENI counts as assigned, because a pod has it.
 */
function addressStates({ eni, ips }: InterfaceRecord, { source }: FactContext): readonly AddressState[] {
  const record = eni === null ? undefined : source.records.enis.get(eni);
  const held = record?.addresses.filter(({ ip }) => ips.includes(ip)).map(({ state }) => state) ?? [];
  return held.length === 0 && ips.length > 0 ? ['assigned'] : held.filter((state) => KNOWN.has(state));
}

/** The keys of interfaces. */
export const interfaceFacts: KindFacts<InterfaceRecord> = {
  keys: {
    ns: ({ pod }) => [namespaceOfPod(pod)],
    net: ({ network }) => networkNames(network),
    node: ({ node }) => nodeNames(node),
    pod: ({ pod }) => namesOf(pod),
    eni: ({ eni }) => single(eni),
    subnet: ({ eni }, { source }) => (eni === null ? null : single(layoutEni(source, eni)?.subnet)),
    if: ({ name }) => single(name),
    ip: ({ ips }) => ips,
    mac: ({ mac }) => single(mac),
    ...placeKeys<InterfaceRecord>(),
    label: ({ pod }, { source }) => labelTexts(source.records.pods.get(pod)?.labels),
    state: (record, context) => [record.state, ...addressStates(record, context)],
    card: ({ card }) => amount(card),
    link: ({ link }) => [link.certainty],
    backed: ({ addresses }) => addresses.map(({ backed }) => backed),
    ...findingKeys<InterfaceRecord>(({ id, pod, eni, node }, { findingsOn }) =>
      [id, pod, eni, node].flatMap((about) => (about === null ? [] : findingsOn(about))),
    ),
  },
  texts: ({ pod, name, ips, mac, eni, network, node }, { source }) => [
    bareId(pod),
    name,
    ...ips,
    mac,
    eni,
    bareId(network),
    node === null ? null : bareId(node),
    labelText(source.records.pods.get(pod)?.labels),
  ],
};
