'use client';
/** One slot of an ENI: an address that waits, cools, is held, or a slot that has none. */
import type { ReactNode } from 'react';
import { useRecord } from '../../lib/client/hooks';
import { FREE, shortId } from '../../lib/view/selection';
import { managementSentence } from '../../lib/view/sentences';
import type { AddressState } from '../../lib/model/records';
import { PanelHead } from './PanelHead';
import { Fact, Facts, RecordLink, Section, Unknown } from './parts';
import { SubnetWords } from './SubnetWords';

const MEANS: Readonly<Record<AddressState, string>> = {
  primary: 'The ENI’s own address. The VPC CNI never gives it to a pod.',
  assigned: 'A live pod holds it.',
  warm: 'It is on the ENI and ready: the next pod on this node gets it, or one like it.',
  cooling: 'A pod gave it back a moment ago; it is handed out again after the cooldown.',
  unclaimed: 'It is on an ENI from which nobody hands out addresses, and no interface that is known holds it.',
  excluded: 'The VPC CNI will not use it: its ENI is excluded, or it is left over from the other address mode.',
  unknown: 'Not enough is known to say who holds it.',
};

interface Props {
  readonly eni: string;
  readonly slot: string;
  readonly gone: ReactNode;
}

export function SlotPanel({ eni: id, slot, gone }: Props) {
  const eni = useRecord('enis', id);
  if (eni === null) return gone;
  if (slot === FREE)
    return (
      <>
        <PanelHead kind="Free slot" title={`on ${shortId(id)}`}>
          Capacity without an address: EC2 would accept one more here.
        </PanelHead>
        <Section title="Slot">
          <Facts>
            <Fact name="ENI">
              <RecordLink id={id}>{id}</RecordLink>
            </Fact>
            <Fact name="Capacity">
              {eni.capacity === null ? null : `${eni.capacity} slots beside the primary address`}
            </Fact>
            <Fact name="Subnet">
              <SubnetWords id={eni.subnet} />
            </Fact>
            <Fact name="Who fills it">{managementSentence(eni)}</Fact>
          </Facts>
        </Section>
      </>
    );
  const address = eni.addresses.find(({ ip }) => ip === slot);
  const prefix = eni.prefixes.find(({ cidr }) => cidr === slot);
  return (
    <>
      <PanelHead kind={address === undefined ? 'Address' : `Address · ${address.state}`} title={slot}>
        {address === undefined
          ? prefix === undefined
            ? 'It is not on this ENI any more.'
            : `A prefix of this ENI: ${prefix.assigned ?? 'an unknown number'}${prefix.size === null ? '' : ` of ${prefix.size}`} assigned.`
          : MEANS[address.state]}
      </PanelHead>
      <Section title="Slot">
        <Facts>
          <Fact name="Held by">
            {address?.interface == null ? <Unknown>nobody we know</Unknown> : <RecordLink id={address.interface} />}
          </Fact>
          <Fact name="ENI">
            <RecordLink id={id}>{id}</RecordLink>
          </Fact>
          <Fact name="Node">{eni.node === null ? <Unknown>none</Unknown> : <RecordLink id={eni.node} />}</Fact>
          <Fact name="Subnet">
            <SubnetWords id={eni.subnet} />
          </Fact>
          <Fact name="Who fills it">{managementSentence(eni)}</Fact>
        </Facts>
      </Section>
    </>
  );
}
