import { thousands } from '../../lib/model/counted';
import { isDeviceClass } from '../../lib/model/ids';
import { useCallback, useMemo, type ReactNode } from 'react';
import { useDerived, useGo, useRecord } from '../../lib/client/hooks';
import { useChunkPass } from '../../lib/client/hooks-pass';
import { sentence } from '../../lib/view/full-stop';
import { chainWords, ipamWords, parentWords } from '../../lib/view/network-words';
import { faultyWorkloads, networkFacts, workloadFaults, workloadName } from '../../lib/view/record-facts';
import { labelOf } from '../../lib/view/record-label';
import type { ClientState } from '../../lib/client/client-state';
import { byNaturalName } from '../../lib/model/order';
import type { NetworkRecord, Table } from '../../lib/model/records';
import type { ChunkRecords } from '../../lib/client/set/chunk';
import { networkUse } from '../../lib/view/partial-set';
import { NO_FILTER } from '../../lib/view/filter';
import { Button } from '../ui/Button';
import { Grade } from '../ui/Grade';
import { NetworkSwatch } from '../ui/Swatch';
import { Questions } from './Explanation';
import { FindingsAbout } from './FindingsSection';
import { NetworkColour } from './NetworkColour';
import { PanelHead } from './PanelHead';
import { Fact, Facts, MonoFact, More, NamedFacts, Problems, RecordLink, Section, Since } from './parts';

const TABLES: readonly Table[] = ['interfaces', 'ipPools', 'networks'];

/** With more pods, they are listed by node in order of arrival: sorting them all would block the page. */
const MOST_SORTED = 10_000;
const inOrder = (pods: readonly string[]): readonly string[] =>
  pods.length > MOST_SORTED ? pods : pods.toSorted(byNaturalName);

/** A network with its configuration and pods; `gone`: shown if it does not exist. */
export function NetworkPanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const network = useRecord('networks', id);
  const read = useCallback(
    ({ replica }: ClientState) => ({
      interfaces: networkUse(replica, id).interfaces,
      faulty: faultyWorkloads(replica, id),
      pools: [...replica.records.ipPools.values()].filter(({ networks }) => networks.includes(id)),
    }),
    [id],
  );
  const { interfaces, pools, faulty } = useDerived(TABLES, read);
  const ofChunk = useCallback(
    (chunk: ChunkRecords) => ({
      pods: [...new Set([...chunk.interfaces.values()].flatMap(({ network, pod }) => (network === id ? [pod] : [])))],
      attachments: [...chunk.attachments.values()].filter(({ network: of }) => of === id),
    }),
    [id],
  );
  const found = useChunkPass(ofChunk);
  const { pods, attachments } = useMemo(
    () => ({
      pods: inOrder(found.values.flatMap((one) => one.pods)),
      attachments: found.values.flatMap((one) => one.attachments).sort((a, b) => byNaturalName(a.node, b.node)),
    }),
    [found],
  );
  const go = useGo();
  if (network === null) return gone;
  return (
    <>
      <PanelHead kind={network.missing ? 'Network · does not exist' : 'Network'} title={labelOf(id)}>
        {network.description}
      </PanelHead>
      <div className="mt-3 flex items-center gap-2">
        <NetworkSwatch network={id} />
        <Button onClick={() => go({ view: 'topology', focus: null, filter: { ...NO_FILTER, networks: [id] } })}>
          Show only this network
        </Button>
      </div>
      <FindingsAbout id={id} />
      <Questions kind="network" id={id} />
      <NetworkColour network={id} />
      {id !== 'cluster' && !isDeviceClass(id) && <Configuration network={network} />}
      {network.serviceCidrs !== null && (
        <Section title="Services">
          <Facts>
            <MonoFact name="CIDRs">{network.serviceCidrs.join(', ')}</MonoFact>
          </Facts>
        </Section>
      )}
      <FaultyWorkloads workloads={faulty} />
      {pools.length > 0 && (
        <Section title="Address pools">
          <More items={pools} keyOf={(pool) => pool.id} none="">
            {(pool) => (
              <>
                <RecordLink id={pool.id}>{pool.range}</RecordLink>
                <span className="text-text2">{`${thousands(pool.used)} of ${pool.size === null ? '?' : thousands(pool.size)} used`}</span>
              </>
            )}
          </More>
        </Section>
      )}
      {id !== 'cluster' && !isDeviceClass(id) && (
        <Section title={found.complete ? `On nodes · ${attachments.length}` : 'On nodes · loading'}>
          <More items={attachments} keyOf={(entry) => entry.id} none="Not used on any node.">
            {(entry) => (
              <>
                <RecordLink id={entry.node} />
                <span className="text-right text-text2">
                  {entry.eni !== null ? (
                    <RecordLink id={entry.eni} />
                  ) : entry.hostNic !== null ? (
                    <RecordLink id={entry.hostNic} />
                  ) : (
                    'no known link'
                  )}{' '}
                  {(entry.eni ?? entry.hostNic) !== null && <Grade certainty={entry.certainty} />}
                </span>
              </>
            )}
          </More>
        </Section>
      )}
      <Pods pods={pods} interfaces={interfaces} complete={found.complete} />
      <Problems problems={network.problems} />
    </>
  );
}

function Configuration({ network }: { readonly network: NetworkRecord }) {
  return (
    <Section title="Configuration">
      <Facts>
        <Fact name="Plugins">{chainWords(network)}</Fact>
        <Fact name="Parent">{parentWords(network)}</Fact>
        {network.vlan !== null && <Fact name="VLAN">{network.vlan}</Fact>}
        {network.mtu !== null && <Fact name="MTU">{network.mtu}</Fact>}
        <Fact name="IPAM">{ipamWords(network)}</Fact>
        {network.resourceName !== null && <Fact name="Resource">{network.resourceName}</Fact>}
        {network.capabilities.length > 0 && <Fact name="Capabilities">{network.capabilities.join(', ')}</Fact>}
        {(network.ipam?.routes.length ?? 0) > 0 && (
          <MonoFact name="Routes">
            {network.ipam?.routes.map(({ dst, gw }) => `${dst}${gw === null ? '' : ` via ${gw}`}`).join(', ')}
          </MonoFact>
        )}
        <NamedFacts facts={networkFacts(network)} />
        {network.namedBy.length > 0 && <Fact name="Named by">{network.namedBy.join(' · ')}</Fact>}
        <Fact name="Created">
          <Since at={network.createdAt} />
        </Fact>
        {network.configAt !== null && network.configAt !== network.createdAt && (
          <Fact name="Config changed">
            <Since at={network.configAt} />
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

/** Workloads have no records of their own, so their problems are listed here. */
function FaultyWorkloads({ workloads }: { readonly workloads: NetworkRecord['faultyWorkloads'] }) {
  if (workloads.length === 0) return null;
  return (
    <Section title={`Workloads with faulty annotations · ${workloads.length}`}>
      <ul className="text-12">
        {workloads.map((workload) => (
          <li key={workloadName(workload)} className="border-b border-line py-1.5 wrap-anywhere last:border-b-0">
            {workloadName(workload)}
            {workloadFaults(workload).map((fault) => (
              <p key={fault} className="text-text2">
                {sentence(fault)}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface PodsProps {
  readonly pods: readonly string[];
  readonly interfaces: number;
  readonly complete: boolean;
}

function Pods({ pods, interfaces, complete }: PodsProps) {
  return (
    <Section
      title={
        complete
          ? `Pods · ${pods.length}${interfaces === pods.length ? '' : ` with ${interfaces} interfaces`}`
          : `Pods · loading, ${interfaces} interfaces`
      }
    >
      <More items={pods} keyOf={(pod) => pod} none="Not used by any pod.">
        {(pod) => <RecordLink id={pod} />}
      </More>
    </Section>
  );
}
