'use client';
import { useCallback, useMemo, type ReactNode } from 'react';
import { useDerived, useGo, useRecord } from '../../lib/client/hooks';
import {
  headroomSentence,
  nextSentence,
  noPoolSentence,
  poolArithmetic,
  targetSentence,
} from '../../lib/view/sentences';
import type { ClientState } from '../../lib/client/client-state';
import { byNaturalName } from '../../lib/model/order';
import type { CniConfig, EniSlots, NodeRecord, Pool, Table } from '../../lib/model/records';
import { recordsOf } from '../../lib/view/view-source';
import { Button } from '../ui/Button';
import { Grade } from '../ui/Grade';
import { FindingsSection } from './FindingsSection';
import { PanelHead } from './PanelHead';
import { Fact, Facts, More, Problems, RecordLink, Section, Since, Unknown, YesNo } from './parts';

const TABLES: readonly Table[] = ['enis', 'pods', 'networkCards', 'hostNics'];

export function NodePanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const node = useRecord('nodes', id);
  const subjects = useMemo(() => [id], [id]);
  const go = useGo();
  if (node === null) return gone;
  return (
    <>
      <PanelHead kind={`Node${node.zone === null ? '' : ` · ${node.zone}`}`} title={node.name}>
        {nodeLine(node)}
      </PanelHead>
      <Button className="mt-3" aria-keyshortcuts="g" onClick={() => go({ view: 'topology', focus: id })}>
        All wires of this node{' '}
        <kbd className="ml-1 rounded-sm border border-line px-1.5 font-sans text-12 text-text3">g</kbd>
      </Button>
      <FindingsSection subjects={subjects} />
      <Section title="Room for pods">
        <p className="text-12">{headroomSentence(node)}</p>
      </Section>
      <Pools node={node} />
      <Limits node={node} />
      <Relatives id={id} />
      <Cni cni={node.cni} node={node} />
      <Section title="Node">
        <Facts>
          <Fact name="Instance">
            {node.instanceId === null
              ? null
              : `${node.instanceId}${node.instanceState === null ? '' : ` · ${node.instanceState}`}`}
          </Fact>
          <Fact name="Addresses" mono>
            {node.internalIps.join(', ')}
          </Fact>
          <Fact name="OS">{node.osImage ?? node.os}</Fact>
          <Fact name="Compute">{node.computeType}</Fact>
          <Fact name="Created">
            <Since at={node.createdAt} />
          </Fact>
          <Fact name="Multus">
            {node.multus === null ? (
              <Unknown>none seen on this node</Unknown>
            ) : (
              `${node.multus.version ?? 'version not known'} · ${node.multus.ready === null ? 'readiness not known' : node.multus.ready ? 'ready' : 'not ready'}`
            )}
          </Fact>
          <Fact name="Taints">
            {node.taints.length === 0 ? (
              'none'
            ) : (
              <ul>
                {node.taints.map((taint) => (
                  <li key={`${taint.key} ${taint.effect}`} className="break-all">
                    {`${taint.key}${taint.value === null ? '' : `=${taint.value}`}:${taint.effect}`}
                  </li>
                ))}
              </ul>
            )}
          </Fact>
          {Object.keys(node.allocatable).length > 0 && (
            <Fact name="Devices">
              {Object.entries(node.allocatable)
                .map(([name, count]) => `${name} × ${count}`)
                .join(', ')}
            </Fact>
          )}
        </Facts>
      </Section>
      <Problems problems={node.problems} />
    </>
  );
}

function nodeLine(node: NodeRecord): string {
  const state = node.gone
    ? 'gone from Kubernetes, but something still refers to it'
    : node.ready === null
      ? 'readiness not known'
      : node.ready
        ? 'Ready'
        : 'NotReady';
  return [
    node.instanceType ?? 'type not known',
    state,
    node.unschedulable ? 'cordoned' : null,
    node.deleting ? 'being deleted' : null,
    `${node.podCount} pods${node.hostNetworkPods > 0 ? `, ${node.hostNetworkPods} on the host network` : ''}`,
  ]
    .filter((text) => text !== null)
    .join(' · ');
}

function Pools({ node }: { readonly node: NodeRecord }) {
  return (
    <Section title="Warm pool">
      {node.pools.length === 0 ? (
        <p className="text-12 text-text2">{noPoolSentence(node)}</p>
      ) : (
        node.pools.map((pool) => <PoolFacts key={pool.card} pool={pool} alone={node.pools.length === 1} />)
      )}
    </Section>
  );
}

/** The arithmetic, not only its result. */
function PoolFacts({ pool, alone }: { readonly pool: Pool; readonly alone: boolean }) {
  return (
    <div className="mb-2">
      {!alone && <h4 className="text-12 font-semibold">Card {pool.card}</h4>}
      <Facts>
        <Fact name="Addresses">{poolArithmetic(pool)}</Fact>
        <Fact name="Target">{targetSentence(pool)}</Fact>
        <Fact name="Next">{nextSentence(pool)}</Fact>
        <Fact name="How sure">
          <Grade certainty={pool.certainty} />
        </Fact>
      </Facts>
    </div>
  );
}

function slotsWords(slots: EniSlots): string | null {
  if (slots.limit === null || slots.used === null) return null;
  const rest = [
    slots.unmanaged === null || slots.unmanaged === 0 ? null : `${slots.unmanaged} of them unmanaged`,
    slots.reserved === null || slots.reserved === 0 ? null : `${slots.reserved} kept for a trunk`,
    slots.free === null ? 'how many are free is not known' : `${slots.free} more can attach`,
  ].filter((text) => text !== null);
  return `${slots.used} of ${slots.limit} attached, ${rest.join(', ')}`;
}

function Limits({ node }: { readonly node: NodeRecord }) {
  const { limits } = node;
  return (
    <Section title="Limits">
      <Facts>
        <Fact name="ENIs">{slotsWords(node.eniSlots)}</Fact>
        {limits !== null && (
          <>
            <Fact name="Per ENI">{`${limits.ipv4PerEni} IPv4 addresses, its own among them`}</Fact>
            <Fact name="Per card">{`${limits.enisPerCard} ENIs · ${limits.cards} ${limits.cards === 1 ? 'card' : 'cards'}`}</Fact>
          </>
        )}
        <Fact name="Max pods">
          {node.maxPods === null
            ? null
            : `${node.maxPods} by the node${limits?.maxPodsByFormula == null ? '' : `, ${limits.maxPodsByFormula} by the formula`}`}
        </Fact>
        {node.branch !== null && (
          <Fact name="Branch ENIs">{`${node.branch.used ?? 'not known'} of ${node.branch.limit ?? 'not known'}`}</Fact>
        )}
        <Fact name="From">
          {limits === null
            ? null
            : limits.source === 'ec2'
              ? 'EC2 instance types'
              : 'the bundled table of instance types'}
        </Fact>
      </Facts>
    </Section>
  );
}

function Relatives({ id }: { readonly id: string }) {
  const read = useCallback(
    ({ replica: { records, indexes } }: ClientState) => ({
      enis: recordsOf(indexes.enisByNode, id, records.enis).sort(
        (a, b) =>
          (a.card ?? 0) - (b.card ?? 0) || (a.deviceIndex ?? 999) - (b.deviceIndex ?? 999) || byNaturalName(a.id, b.id),
      ),
      pods: recordsOf(indexes.podsByNode, id, records.pods).sort((a, b) => byNaturalName(a.id, b.id)),
      cards: recordsOf(indexes.cardsByNode, id, records.networkCards).sort((a, b) => a.index - b.index),
      nics: recordsOf(indexes.hostNicsByNode, id, records.hostNics).sort((a, b) => byNaturalName(a.name, b.name)),
    }),
    [id],
  );
  const { enis, pods, cards, nics } = useDerived(TABLES, read);
  return (
    <>
      {cards.length > 1 && (
        <Section title={`Network cards · ${cards.length}`}>
          <More items={cards} keyOf={(card) => card.id} none="">
            {(card) => (
              <>
                <RecordLink id={card.id} />
                <span className="text-text2">{card.performance ?? 'bandwidth not known'}</span>
              </>
            )}
          </More>
        </Section>
      )}
      <Section title={`ENIs · ${enis.length}`}>
        <More items={enis} keyOf={(eni) => eni.id} none="No ENI of this node is known.">
          {(eni) => (
            <>
              <span className="whitespace-nowrap">
                {eni.deviceIndex === null ? eni.role : `dev ${eni.deviceIndex}`} · <RecordLink id={eni.id} />
              </span>
              <span className="text-text2">
                {eni.management.rule === 'no-manage-tag' ? 'no_manage' : eni.management.state}
              </span>
            </>
          )}
        </More>
      </Section>
      {nics.length > 0 && (
        <Section title={`Host NICs · ${nics.length}`}>
          <More items={nics} keyOf={(nic) => nic.id} none="">
            {(nic) => (
              <>
                <RecordLink id={nic.id}>{`${nic.certainty === 'inferred' ? '~' : ''}${nic.name}`}</RecordLink>
                <span className="text-text2">{nic.up === null ? '' : nic.up ? 'up' : 'down'}</span>
              </>
            )}
          </More>
        </Section>
      )}
      <Section title={`Pods · ${pods.length}`}>
        <More items={pods} keyOf={(pod) => pod.id} none="No pod is on this node.">
          {(pod) => (
            <>
              <RecordLink id={pod.id} />
              <span className="shrink-0 text-text2">{pod.hostNetwork ? 'host network' : pod.phase}</span>
            </>
          )}
        </More>
      </Section>
    </>
  );
}

const SETTINGS: readonly (readonly [string, (cni: CniConfig) => number | boolean | null])[] = [
  ['WARM_ENI_TARGET', (cni) => cni.warmEniTarget],
  ['WARM_IP_TARGET', (cni) => cni.warmIpTarget],
  ['MINIMUM_IP_TARGET', (cni) => cni.minimumIpTarget],
  ['WARM_PREFIX_TARGET', (cni) => cni.warmPrefixTarget],
  ['MAX_ENI', (cni) => cni.maxEni],
  ['IP_COOLDOWN_PERIOD', (cni) => cni.cooldownSeconds],
  ['ENABLE_PREFIX_DELEGATION', (cni) => cni.prefixDelegation],
  ['ENABLE_MULTI_NIC', (cni) => cni.multiNic],
  ['ENABLE_POD_ENI', (cni) => cni.podEni],
  ['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG', (cni) => cni.customNetworking],
  ['MANAGE_UNTAGGED_ENI', (cni) => cni.manageUntagged],
  ['ENABLE_IMDS_ONLY_MODE', (cni) => cni.imdsOnly],
  ['AWS_MANAGE_ENIS_NON_SCHEDULABLE', (cni) => cni.manageNonSchedulable],
  ['cleans up leaked ENIs', (cni) => cni.leakedEniCleanup],
  ['makes and tags ENIs', (cni) => cni.networkResourceProvisioning],
];

function Cni({ cni, node }: { readonly cni: CniConfig | null; readonly node: NodeRecord }) {
  if (cni === null)
    return (
      <Section title="VPC CNI">
        <p className="text-12 text-text2">No aws-node is seen on this node.</p>
      </Section>
    );
  const ready = node.ipamd?.ready ?? null;
  return (
    <Section title="VPC CNI">
      <Facts>
        <Fact name="Version">{node.ipamd?.version ?? cni.version}</Fact>
        <Fact name="Mode">{cni.mode}</Fact>
        <Fact name="ipamd">{ready === null ? null : ready ? 'ready' : 'not ready'}</Fact>
        {node.eniConfig !== null && (
          <Fact name="ENIConfig">
            {`${node.eniConfig.name ?? 'no name'}${node.eniConfig.found === false ? ', which does not exist' : ''}`}
          </Fact>
        )}
        {node.eniConfigProblems.length > 0 && (
          <Fact name="ENIConfig is wrong">{node.eniConfigProblems.join('; ')}</Fact>
        )}
        {node.cniNode.found !== null && (
          <Fact name="CNINode">
            {node.cniNode.features === null
              ? 'there is none'
              : node.cniNode.features.length === 0
                ? 'asks for nothing'
                : node.cniNode.features.join(', ')}
          </Fact>
        )}
      </Facts>
      <table className="mt-1 w-full text-12">
        <tbody>
          {SETTINGS.filter(([, read]) => read(cni) !== null).map(([name, read]) => (
            <tr key={name} className="border-b border-line last:border-b-0">
              <th scope="row" className="py-1 pr-2 text-left font-mono font-normal break-all text-text2">
                {name}
              </th>
              <td className="py-1 text-right">
                {typeof read(cni) === 'boolean' ? <YesNo value={read(cni) === true} /> : read(cni)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
