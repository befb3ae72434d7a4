/** Evidence for the ENI of a claimed device. */
import { hostNicId } from '../../model/ids';
import type { NodeContext } from '../context/context';
import type { Clue } from './clues';
import { inWords } from './link';
import type { ClaimedLink } from './pod-claims';

/** Evidence from the device itself, best first; also valid for an interface that Multus reports. */
export function deviceClues(context: NodeContext, { claim, device, known }: ClaimedLink): readonly Clue[] {
  const clues: Clue[] = [];
  const { driver } = device;
  const mac = device.reported?.mac ?? null;
  const own = mac === null ? undefined : context.enis.find((eni) => eni.mac === mac);
  if (own !== undefined) {
    const text = `ResourceClaim ${claim}: ${driver} reports the MAC of ${inWords(own)}.`;
    clues.push({ rule: 'mac', certainty: 'observed', enis: [own], hostNic: null, text });
  }
  if (known === null) return clues;
  const { eni } = known;
  if (eni !== null) {
    const text = `The ResourceSlice of ${driver} ${
      known.device.mac === null ? 'listed' : 'lists'
    } device ${device.device} with the MAC of ${inWords(eni)}.`;
    clues.push({ rule: 'claim-device', certainty: 'observed', enis: [eni], hostNic: null, text });
  }
  const { pfName } = known.device;
  const link = pfName === null ? undefined : context.links.byName(pfName);
  if (link !== undefined && pfName !== null) {
    const text = `${link.source} lists device ${device.device} as a virtual function of ${pfName}${
      link.eni === null ? '' : `, which has the MAC of ${inWords(link.eni)}`
    }.`;
    const enis = link.eni === null ? [] : [link.eni];
    clues.push({ rule: 'claim-device', certainty: 'observed', enis, hostNic: hostNicId(context.name, pfName), text });
  }
  const guess = device.reported?.mac == null ? context.devices.guess(known) : null;
  const [first] = guess?.enis ?? [];
  if (guess !== null && first !== undefined) {
    const what =
      guess.rule === 'pcie-root'
        ? `${inWords(first)} is the only EFA-only ENI on the card whose other device is on PCIe root ${known.device.pcieRoot ?? ''}, as ${device.device} is`
        : guess.enis.length === 1
          ? `By the order of PCI addresses and of cards ${device.device} is ${inWords(first)}`
          : `${device.device} is one of the node's EFA-only ENIs; EC2 does not say which`;
    clues.push({ rule: guess.rule, certainty: 'inferred', enis: guess.enis, hostNic: null, text: `${what}.` });
  }
  return clues;
}
