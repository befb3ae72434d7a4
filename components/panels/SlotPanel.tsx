import type { ReactNode } from 'react';
import { useRecord } from '../../lib/client/hooks';
import { FREE, shortId } from '../../lib/view/selection';
import { managementSentence } from '../../lib/view/sentences';
import type { AddressState } from '../../lib/model/records';
import { isHiddenAddress } from '../../lib/model/hidden-address';
import { prefixWith } from '../../lib/view/eni-outline';
import { useLimited } from '../hooks/useLimited';
import { PanelHead } from './PanelHead';
import { Fact, Facts, RecordLink, Section, Unknown } from './parts';
import { SubnetWords } from './SubnetWords';

const MEANS: Readonly<Record<AddressState, string>> = {
  primary: 'The primary address of the ENI. The VPC CNI never assigns it to a pod.',
  assigned: 'Assigned to a live pod.',
  warm: 'Ready to be assigned to a new pod on this node.',
  cooling: 'Recently freed by a pod; it can be assigned again after the cooldown.',
  unclaimed: 'Nothing assigns addresses from this ENI, and no known interface holds this one.',
  excluded: 'The VPC CNI does not use it: its ENI is excluded, or it is left over from the other address mode.',
  unknown: 'Its holder is not known.',
};

interface Props {
  readonly eni: string;
  readonly slot: string;
  readonly gone: ReactNode;
}

/** An address slot of an ENI: its state and holder. */
export function SlotPanel({ eni: id, slot, gone }: Props) {
  const limited = useLimited();
  const eni = useRecord('enis', id);
  if (eni === null) return gone;
  if (slot === FREE)
    return (
      <>
        <PanelHead kind="Free slot" title={`on ${shortId(id)}`}>
          It has no address yet: the ENI can hold one more.
        </PanelHead>
        <Section title="Slot">
          <Facts>
            <Fact name="ENI">
              <RecordLink id={id}>{id}</RecordLink>
            </Fact>
            <Fact name="Capacity">
              {eni.capacity === null ? null : `${eni.capacity} slots besides the primary address`}
            </Fact>
            <Fact name="Subnet">
              <SubnetWords id={eni.subnet} />
            </Fact>
            <Fact name="Management">{managementSentence(eni)}</Fact>
          </Facts>
        </Section>
      </>
    );
  const address = eni.addresses.find(({ ip }) => ip === slot);
  const prefix = eni.prefixes.find(({ cidr }) => cidr === slot);
  const around = prefixWith(eni, slot);
  return (
    <>
      <PanelHead
        kind={address === undefined ? 'Address' : `Address · ${address.state}`}
        title={isHiddenAddress(slot) ? 'not shown to you' : slot}
      >
        {address === undefined
          ? prefix === undefined
            ? around === undefined
              ? 'It is no longer on this ENI.'
              : `In the prefix ${around.cidr} of this ENI. No pod holds it.`
            : `A prefix of this ENI: ${prefix.assigned ?? 'an unknown number'}${prefix.size === null ? '' : ` of ${prefix.size}`} assigned.`
          : MEANS[address.state]}
      </PanelHead>
      <Section title="Slot">
        <Facts>
          <Fact name="Held by">
            {address?.interface == null ? (
              <Unknown>{limited ? 'no interface that is known and that you may see' : 'no known interface'}</Unknown>
            ) : (
              <RecordLink id={address.interface} />
            )}
          </Fact>
          <Fact name="ENI">
            <RecordLink id={id}>{id}</RecordLink>
          </Fact>
          <Fact name="Node">{eni.node === null ? <Unknown>none</Unknown> : <RecordLink id={eni.node} />}</Fact>
          <Fact name="Subnet">
            <SubnetWords id={eni.subnet} />
          </Fact>
          <Fact name="Management">{managementSentence(eni)}</Fact>
        </Facts>
      </Section>
    </>
  );
}
