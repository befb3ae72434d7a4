'use client';
import { useMemo, type ReactNode } from 'react';
import { useRecord } from '../../lib/client/hooks';
import { MANAGEMENT_WORD, managementSentence, withoutNode } from '../../lib/view/sentences';
import { cardId, idParts } from '../../lib/model/ids';
import type { EniRecord } from '../../lib/model/records';
import { Grade } from '../ui/Grade';
import { FindingsSection } from './FindingsSection';
import { PanelHead } from './PanelHead';
import { Branches, SlotTable } from './EniSlots';
import { Fact, Facts, More, RecordLink, Section, Since, Unknown, YesNo } from './parts';
import { SubnetWords } from './SubnetWords';

const CREATOR: Readonly<Record<EniRecord['creator'], string>> = {
  ipamd: 'the VPC CNI (its description says so)',
  'vpc-resource-controller': 'the VPC resource controller',
  other: 'somebody else',
};

export function EniPanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const eni = useRecord('enis', id);
  const subjects = useMemo(() => [id], [id]);
  if (eni === null) return gone;
  const node = eni.node === null ? null : (idParts(eni.node)[0] ?? null);
  return (
    <>
      <PanelHead
        kind={`ENI · ${eni.role}${eni.interfaceType === 'interface' || eni.interfaceType === eni.role ? '' : ` · ${eni.interfaceType}`}`}
        title={eni.id}
      >
        {eni.deviceIndex !== null && `dev ${eni.deviceIndex} · `}
        {eni.card !== null && node !== null && (
          <>
            <RecordLink id={cardId(node, eni.card)} /> ·{' '}
          </>
        )}
        {eni.node !== null ? <RecordLink id={eni.node} /> : withoutNode(eni)}
      </PanelHead>

      <Section title={MANAGEMENT_WORD[eni.management.state]}>
        <p className="text-12 text-text2">
          <Grade certainty={eni.management.certainty} /> · {managementSentence(eni)}
        </p>
      </Section>

      <FindingsSection subjects={subjects} />

      <Section title={eni.prefixes.length > 0 ? 'Prefixes and addresses' : 'Address slots'}>
        <SlotTable eni={eni} />
      </Section>
      {eni.role === 'trunk' && <Branches trunk={eni.id} />}

      <Section title="ENI">
        <Facts>
          <Fact name="Subnet">
            <SubnetWords id={eni.subnet} />
          </Fact>
          <Fact name="Groups">
            {eni.securityGroups.length === 0 ? <Unknown>none</Unknown> : eni.securityGroups.join(', ')}
          </Fact>
          <Fact name="MAC" mono>
            {eni.mac}
          </Fact>
          <Fact name="Host link">
            {eni.hostDevice === null ? null : (
              <span className="font-mono">
                {eni.hostDevice.certainty === 'inferred' ? '~' : ''}
                {eni.hostDevice.name}
              </span>
            )}
          </Fact>
          <Fact name="Status">
            {[eni.status, eni.attachmentStatus].filter((text) => text !== null).join(', ') || null}
          </Fact>
          <Fact name="Instance" mono>
            {eni.instanceId ?? <Unknown>none</Unknown>}
          </Fact>
          {eni.trunk !== null && (
            <Fact name="Trunk">
              <RecordLink id={eni.trunk} />
              {eni.vlan !== null && ` · VLAN ${eni.vlan}`}
            </Fact>
          )}
          {eni.branchPod !== null && (
            <Fact name="Pod">
              <RecordLink id={eni.branchPod} />
            </Fact>
          )}
          <Fact name="Made by">{CREATOR[eni.creator]}</Fact>
          <Fact name="Zone">{eni.zone}</Fact>
          <Fact name="VPC">{eni.vpc}</Fact>
          <Fact name="Attached">
            {eni.status === 'available' ? (
              <Unknown>to nothing</Unknown>
            ) : eni.role === 'branch' && eni.attachedAt === null ? (
              'through its trunk'
            ) : (
              <Since at={eni.attachedAt} />
            )}
          </Fact>
          {eni.createdAt !== null && (
            <Fact name="Created">
              <Since at={eni.createdAt} />
            </Fact>
          )}
          <Fact name="Source check">
            <YesNo value={eni.sourceDestCheck} />
          </Fact>
          {eni.status !== 'available' && eni.role !== 'branch' && (
            <Fact name="Dies with it">
              <YesNo value={eni.deleteOnTermination} />
            </Fact>
          )}
          <Fact name="Description">{eni.description === '' ? <Unknown>none</Unknown> : eni.description}</Fact>
        </Facts>
      </Section>
      <Section title={`Tags · ${Object.keys(eni.tags).length}`}>
        <More items={Object.entries(eni.tags)} keyOf={([key]) => key} none="It carries no tag." first={8}>
          {([key, value]) => (
            <>
              <code className="min-w-0 font-mono text-text2">{key}</code>
              <code className="min-w-0 text-right font-mono">{value === '' ? '(empty)' : value}</code>
            </>
          )}
        </More>
      </Section>
    </>
  );
}
