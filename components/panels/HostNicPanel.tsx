import type { ReactNode } from 'react';
import { useRecord } from '../../lib/client/hooks';
import { idParts } from '../../lib/model/ids';
import { hostNicFacts } from '../../lib/view/record-facts';
import { FindingsAbout } from './FindingsSection';
import { PanelHead } from './PanelHead';
import { Fact, Facts, Known, MonoFact, NamedFacts, RecordLink, Section, Unknown } from './parts';

/** A host NIC with its virtual functions; `gone`: shown if it does not exist. */
export function HostNicPanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const nic = useRecord('hostNics', id);
  if (nic === null) return gone;
  return (
    <>
      <PanelHead kind="Host NIC" title={nic.name}>
        <RecordLink id={nic.node}>{`node ${idParts(nic.node)[0] ?? ''}`}</RecordLink>
      </PanelHead>
      <FindingsAbout id={id} />
      <Section title="Link">
        <Facts>
          <Fact name="State">{nic.up === null ? null : nic.up ? 'up' : 'down'}</Fact>
          <NamedFacts facts={hostNicFacts(nic)} />
          <MonoFact name="MAC">{nic.mac}</MonoFact>
          <MonoFact name="PCI">{nic.pciAddress}</MonoFact>
          <Fact name="VFs">
            {nic.vfs === null ? <Unknown>none</Unknown> : `${nic.vfs.used ?? '?'} of ${nic.vfs.total ?? '?'} in use`}
          </Fact>
          <Fact name="ENI">{nic.eni === null ? <Unknown>none</Unknown> : <RecordLink id={nic.eni} />}</Fact>
        </Facts>
      </Section>
      <Section title="How we know">
        <Known
          lines={[
            {
              certainty: nic.certainty,
              text: nic.source === 'rule' ? 'by the naming rule of the OS' : `listed by ${nic.source}`,
            },
          ]}
        />
      </Section>
    </>
  );
}
