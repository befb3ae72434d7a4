/**
 * The ENI implied by the VPC CNI's route table: since 1.20 it reports the table's number instead of eth0's MAC (multus
 * §1.6). A hint, weaker than an address on an ENI: the CNI reuses a table that something else has installed.
 */
import { awsCniEntryKind, awsCniInterfaceName, eniOfRouteTable } from '../../cni/aws-cni-result';
import type { PodFact } from '../../model/facts';
import type { NodeContext } from '../context/context';
import type { EniShape } from '../facts/parts';

/** The ENI implied by the route table of an interface. */
export interface RouteTableHint {
  readonly eni: EniShape;
  /** A sentence without its full stop. */
  readonly text: string;
}

/** Null without such a number, or if no ENI of the node is at that place. */
export function routeTableHint(context: NodeContext, pod: PodFact): RouteTableHint | null {
  for (const entry of pod.reported) {
    if (awsCniEntryKind(entry) !== 'pod' || awsCniInterfaceName(entry) !== 'eth0') continue;
    const place = eniOfRouteTable(entry.rawMac);
    const eni =
      place === null
        ? undefined
        : context.enis.find(
            ({ instanceId, networkCardIndex, deviceIndex }) =>
              instanceId !== null && (networkCardIndex ?? 0) === place.card && deviceIndex === place.deviceIndex,
          );
    if (place === null || eni === undefined) continue;
    const text = `the VPC CNI reports route table ${entry.rawMac ?? ''} for it, which stands for ${eni.id} (card ${place.card}, device ${place.deviceIndex})`;
    return { eni, text };
  }
  return null;
}
