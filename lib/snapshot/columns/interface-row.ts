/**
 * The row of an interface on the wire. Most of an interface repeats its pod or ENI and is left out; the `Same` fields
 * say which values were left out.
 */
import { boolean, list, nullable, number, object, reshaped, text, word } from '../../model/schema/shape';
import type { ValueOf } from '../../model/schema/shape';
import { RECORDS } from '../../model/schema/tables';
import { BACKINGS, CERTAINTIES, LINK_RULES } from '../../model/schema/vocabulary';
import { alike } from './alike';

const row = reshaped(RECORDS.interfaces, ['ips', 'link', 'node'], {
  /** Position of its pod; null for a pod that is not in the list, whose id is then in `pod`. */
  podAt: nullable(number),
  pod: nullable(text),
  /** Null when it follows from the pod and the name. */
  id: nullable(text),
  /** The node is the pod's. */
  nodeSame: boolean,
  /** Position in the list of nodes. */
  nodeAt: nullable(number),
  /** Null when they are the pod's. */
  ips: nullable(list(text)),
  /** The ENI is the one that has the first address. */
  eniSame: boolean,
  eni: nullable(text),
  /** The card is the ENI's. */
  cardSame: boolean,
  card: nullable(number),
  /** The MAC is the ENI's. */
  macSame: boolean,
  mac: nullable(text),
  addresses: list(
    object({
      /** Null when it is the one at the same position of `ips`. */
      ip: nullable(text),
      backed: word(BACKINGS),
      /** The ENI is the interface's. */
      eniSame: boolean,
      eni: nullable(text),
    }),
  ),
  rule: word(LINK_RULES),
  certainty: word(CERTAINTIES),
  /** A template. */
  evidence: text,
  /** The name is the one that Multus gives it. */
  nameSame: boolean,
  name: nullable(text),
  /** The network is the one that the pod requested. */
  networkSame: boolean,
  network: nullable(text),
  candidates: list(text),
});
/** The fields that interfaces of a network usually share, as one text. */
export const INTERFACES_ALIKE = alike(row, [
  'nodeSame',
  'eniSame',
  'cardSame',
  'macSame',
  'addresses',
  'nameSame',
  'name',
  'networkSame',
  'network',
  'mtu',
  'default',
  'state',
  'requestIndex',
  'gateways',
  'rule',
  'certainty',
  'evidence',
]);
/** The row of an interface. */
export type InterfaceRow = ValueOf<typeof row>;
