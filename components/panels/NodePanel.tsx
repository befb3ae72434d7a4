import type { ReactNode } from 'react';
import { useGo, useRecord } from '../../lib/client/hooks';
import { nodeFacts } from '../../lib/view/record-facts';
import { headroomSentence } from '../../lib/view/sentences';
import { counted } from '../../lib/model/counted';
import type { EniSlots, NodeRecord } from '../../lib/model/records';
import { Button } from '../ui/Button';
import { Questions } from './Explanation';
import { FindingsOfNode } from './FindingsSection';
import { NodeFiles } from './NodeFiles';
import { NodeCni } from './NodeCni';
import { NodeParts } from './NodeParts';
import { PanelHead } from './PanelHead';
import { Fact, Facts, MonoFact, NamedFacts, Problems, Section, Since, Unknown } from './parts';
import { WarmPools } from './WarmPools';

/** A node with its limits, pools and parts; `gone`: shown if it does not exist. */
export function NodePanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const node = useRecord('nodes', id);
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
      <NodeFiles id={id} name={node.name} />
      <FindingsOfNode id={id} />
      <Questions kind="node" id={id} />
      <Section title="Room for pods">
        <p className="text-12">{headroomSentence(node)}</p>
      </Section>
      <WarmPools node={node} />
      <Limits node={node} />
      <NodeParts id={id} />
      <NodeCni node={node} />
      <NodeFacts node={node} />
      <Problems problems={node.problems} />
    </>
  );
}

function NodeFacts({ node }: { readonly node: NodeRecord }) {
  return (
    <Section title="Node">
      <Facts>
        <Fact name="Instance">
          {node.instanceId === null
            ? null
            : `${node.instanceId}${node.instanceState === null ? '' : ` · ${node.instanceState}`}`}
        </Fact>
        <MonoFact name="Addresses">{node.internalIps.join(', ')}</MonoFact>
        <Fact name="OS">{node.osImage ?? node.os}</Fact>
        <Fact name="Compute">{node.computeType}</Fact>
        <NamedFacts facts={nodeFacts(node)} />
        {node.networkConditions.length > 0 && (
          <Fact name="Conditions">
            {node.networkConditions.map(({ type, reason, message, since }) => (
              <div key={type} className="wrap-anywhere">
                {[type, reason, message].filter((text) => text !== '').join(': ')}{' '}
                <span className="text-text2">
                  (<Since at={since} />)
                </span>
              </div>
            ))}
          </Fact>
        )}
        <Fact name="Created">
          <Since at={node.createdAt} />
        </Fact>
        <Fact name="Multus">
          {node.multus === null ? (
            <Unknown>not seen on this node</Unknown>
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
                <li key={`${taint.key} ${taint.effect}`} className="wrap-anywhere">
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
  );
}

function nodeLine(node: NodeRecord): string {
  const state = node.gone
    ? 'deleted, but still referenced'
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
    `${node.podCount === null ? 'unknown number of pods' : counted(node.podCount, 'pod')}${node.hostNetworkPods > 0 ? `, ${node.hostNetworkPods} on the host network` : ''}`,
  ]
    .filter((text) => text !== null)
    .join(' · ');
}

function slotsWords(slots: EniSlots): string | null {
  if (slots.limit === null || slots.used === null) return null;
  const rest = [
    slots.unmanaged === null || slots.unmanaged === 0 ? null : `${slots.unmanaged} of them unmanaged`,
    slots.reserved === null || slots.reserved === 0 ? null : `${slots.reserved} reserved for a trunk`,
    slots.free === null ? 'free slots not known' : `${slots.free} more can attach`,
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
            <Fact name="Per ENI">{`${limits.ipv4PerEni} IPv4 addresses, including the primary`}</Fact>
            <Fact name="/28 prefixes">
              {node.prefixCapable === null
                ? null
                : node.prefixCapable
                  ? 'supported'
                  : 'not supported by this instance type'}
            </Fact>
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
        <Fact name="Source">
          {limits === null ? null : limits.source === 'ec2' ? 'EC2 instance types' : 'bundled table of instance types'}
        </Fact>
      </Facts>
    </Section>
  );
}
