import type { ReactNode } from 'react';
import { useRecord } from '../../lib/client/hooks';
import { MANAGEMENT_WORD, managementSentence, withoutNode } from '../../lib/view/sentences';
import { cardId, idParts } from '../../lib/model/ids';
import type { EniRecord } from '../../lib/model/records';
import { threeViews } from '../../lib/view/three-views';
import { Grade, GradeMeanings } from '../ui/Grade';
import { Questions } from './Explanation';
import { FindingsAbout } from './FindingsSection';
import { PanelHead } from './PanelHead';
import { Branches, SlotTable } from './EniSlots';
import { Fact, Facts, MonoFact, RecordLink, Section, Since, Tags, Unknown, YesNo } from './parts';
import { SubnetWords } from './SubnetWords';

const CREATOR: Readonly<Record<EniRecord['creator'], string>> = {
  ipamd: 'VPC CNI (by its description)',
  'vpc-resource-controller': 'VPC resource controller',
  other: 'others',
};

/** An ENI with its slots; `gone`: shown if it does not exist. */
export function EniPanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const eni = useRecord('enis', id);
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
        {eni.management.certainty !== 'observed' && <GradeMeanings certainties={[eni.management.certainty]} />}
      </Section>

      <FindingsAbout id={id} />
      <Questions kind="eni" id={id} />

      <Section title={eni.prefixes.length > 0 ? 'Prefixes and addresses' : 'Address slots'}>
        <SlotTable eni={eni} />
      </Section>
      {eni.ipamd !== null && <Believed eni={eni} believed={eni.ipamd} />}
      {eni.role === 'trunk' && <Branches trunk={eni.id} />}

      <EniFacts eni={eni} />
      <Tags tags={eni.tagsUnknown ? null : eni.tags} />
    </>
  );
}

/** The three views of the ENI's addresses side by side, and their differences. */
function Believed({ eni, believed }: { readonly eni: EniRecord; readonly believed: NonNullable<EniRecord['ipamd']> }) {
  const { inEc2, inIpamd, heldByPods, differences } = threeViews(eni, believed);
  return (
    <Section title="Who has what">
      <Facts>
        <Fact name="EC2 has">{inEc2}</Fact>
        <Fact name="ipamd has">{inIpamd}</Fact>
        <Fact name="Pods hold">{heldByPods}</Fact>
        {differences.map(([name, text]) => (
          <Fact key={name} name={name}>
            {text}
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}

function EniFacts({ eni }: { readonly eni: EniRecord }) {
  const { hostDevice } = eni;
  return (
    <Section title="ENI">
      <Facts>
        <Fact name="Subnet">
          <SubnetWords id={eni.subnet} />
        </Fact>
        <Fact name="Security groups">
          {eni.securityGroups.length === 0 ? <Unknown>none</Unknown> : eni.securityGroups.join(', ')}
        </Fact>
        <MonoFact name="MAC">{eni.mac}</MonoFact>
        {eni.publicIps.length > 0 && <MonoFact name="Public IPs">{eni.publicIps.join(', ')}</MonoFact>}
        <MonoFact name="Host NIC">
          {hostDevice === null ? null : `${hostDevice.certainty === 'inferred' ? '~' : ''}${hostDevice.name}`}
        </MonoFact>
        <Fact name="Status">
          {[eni.status, eni.attachmentStatus].filter((text) => text !== null).join(', ') || null}
        </Fact>
        <MonoFact name="Instance">{eni.instanceId ?? <Unknown>none</Unknown>}</MonoFact>
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
        {eni.claimedBy.length > 0 && (
          <Fact name="Claimed by">
            {eni.claimedBy.map((face) => (
              <div key={face}>
                <RecordLink id={face} />
              </div>
            ))}
          </Fact>
        )}
        {eni.offeredBy.length > 0 && <Fact name="For claims">{eni.offeredBy.join(', ')}</Fact>}
        <Fact name="Created by">{CREATOR[eni.creator]}</Fact>
        <Fact name="Zone">{eni.zone}</Fact>
        <Fact name="VPC">{eni.vpc}</Fact>
        <Fact name="Attached">
          <Attached eni={eni} />
        </Fact>
        {eni.createdAt !== null && (
          <Fact name="Created">
            <Since at={eni.createdAt} />
          </Fact>
        )}
        <Fact name="Source/dest check">
          <YesNo value={eni.sourceDestCheck} />
        </Fact>
        {eni.status !== 'available' && eni.role !== 'branch' && (
          <Fact name="Deleted on termination">
            <YesNo value={eni.deleteOnTermination} />
          </Fact>
        )}
        <Fact name="Description">{eni.description === '' ? <Unknown>none</Unknown> : eni.description}</Fact>
      </Facts>
    </Section>
  );
}

function Attached({ eni }: { readonly eni: EniRecord }) {
  if (eni.status === 'available') return 'no';
  if (eni.role === 'branch' && eni.attachedAt === null) return 'through its trunk';
  return <Since at={eni.attachedAt} />;
}
