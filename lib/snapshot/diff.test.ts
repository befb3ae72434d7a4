import { describe, expect, it } from 'vitest';
import type { RecordMaps, Topology } from '../model/records';
import { diffTopologies } from './diff';
import { patchChanges } from './diff/record';
import { toTopology } from './encode';
import { CLUSTER, TAKEN_AT, sampleRecords } from '../../e2e/testing/capture-cluster';
import { aPool, aSource } from '../../e2e/testing/records';

const LATER = '2026-09-01T12:05:00Z';
const records = sampleRecords(2, 3);
const before = toTopology(records, CLUSTER, TAKEN_AT);
const after = (change: Partial<RecordMaps>): Topology => toTopology({ ...records, ...change }, CLUSTER, LATER);

const first = <T>(map: ReadonlyMap<string, T>): T => {
  for (const one of map.values()) return one;
  throw new Error('empty');
};
const replaced = <T extends { readonly id: string }>(map: ReadonlyMap<string, T>, record: T): ReadonlyMap<string, T> =>
  new Map([...map, [record.id, record]]);
const less = <T>(map: ReadonlyMap<string, T>, drop: (record: T) => boolean): ReadonlyMap<string, T> =>
  new Map([...map].filter(([, record]) => !drop(record)));

const pod = first(records.pods);
const eni = first(records.enis);
const node = first(records.nodes);
const eth0 = [...records.interfaces.values()].find((one) => one.pod === pod.id);
if (eth0 === undefined) throw new Error('no interface');
const saidPod = `pod ${pod.namespace}/${pod.name}`;
const saidNode = (id: string | null): string => `node ${(id ?? '').slice('node:'.length)}`;

const sentences = (topology: Topology): readonly string[] => diffTopologies(before, topology).lines.slice(1);

describe('the changes', () => {
  it('says nothing of a source that is absent on one side', () => {
    const other = aSource('aws-node/enis', 'absent');
    expect(sentences(after({ sources: replaced(records.sources, other) }))).toEqual([]);
    expect(sentences(after({ sources: replaced(records.sources, { ...other, state: 'live' }) }))).toHaveLength(1);
  });

  it('reports that nothing changed', () => {
    expect(diffTopologies(before, after({}))).toEqual({
      before: TAKEN_AT,
      after: LATER,
      changes: [],
      lines: [`From ${TAKEN_AT} to ${LATER}: nothing changed.`],
    });
  });

  it('includes a deleted pod, without its interfaces', () => {
    const gone = after({
      pods: less(records.pods, (one) => one.id === pod.id),
      interfaces: less(records.interfaces, (one) => one.pod === pod.id),
    });
    const count = [...records.interfaces.values()].filter((one) => one.pod === pod.id).length;
    expect(diffTopologies(before, gone).lines).toEqual([
      `From ${TAKEN_AT} to ${LATER}: 0 appeared, 1 went (and ${count} parts of them), 0 moved, 0 changed state.`,
      `Pod ${pod.namespace}/${pod.name} went from ${saidNode(pod.node)}.`,
    ]);
    expect(diffTopologies(gone, before).lines[1]).toBe(
      `Pod ${pod.namespace}/${pod.name} appeared on ${saidNode(pod.node)}.`,
    );
  });

  it('reports a removed interface of a pod that still exists', () => {
    expect(sentences(after({ interfaces: less(records.interfaces, (one) => one.id === eth0.id) }))).toEqual([
      `Interface eth0 of ${saidPod} went from ${eth0.eni ?? ''} on card 0.`,
    ]);
  });

  it('reports moves', () => {
    const other = [...records.nodes.keys()].find((id) => id !== pod.node) ?? '';
    expect(sentences(after({ pods: replaced(records.pods, { ...pod, node: other }) }))).toEqual([
      `Pod ${pod.namespace}/${pod.name} moved from ${saidNode(pod.node)} to ${saidNode(other)}.`,
    ]);
    expect(sentences(after({ enis: replaced(records.enis, { ...eni, node: null }) }))).toEqual([
      `Primary ENI ${eni.id} moved from ${saidNode(eni.node)} to nowhere.`,
    ]);
    expect(sentences(after({ interfaces: replaced(records.interfaces, { ...eth0, eni: 'eni-9', card: 1 }) }))).toEqual([
      `Interface eth0 of ${saidPod} moved from ${eth0.eni ?? ''} on card 0 to eni-9 on card 1.`,
    ]);
  });

  it('reports each label that was added, removed or changed, and ignores labels that a file lacks', () => {
    const withLabels = (labels: Readonly<Record<string, string>> | null): Topology =>
      after({ pods: replaced(records.pods, { ...pod, labels }) });
    const [was, is] = [
      withLabels({ app: 'web', team: 'core', old: '' }),
      withLabels({ app: 'web', team: 'edge', tier: '1' }),
    ];
    const name = `Pod ${pod.namespace}/${pod.name}`;
    expect(diffTopologies(was, is).lines.slice(1)).toEqual([
      `${name} changed: label team from core to edge; label tier from none to 1; label old from "" to none.`,
    ]);
    expect(diffTopologies(withLabels(null), is).changes).toEqual([]);
    expect(diffTopologies(was, withLabels(null)).changes).toEqual([]);
    const patch = { id: pod.id, set: { labels: { app: 'web', team: 'edge' } } };
    expect(patchChanges('pods', patch).map(({ sentence }) => sentence)).toEqual([
      `${name} changed: labels is now app=web, team=edge.`,
    ]);
  });

  it('reports states, with all states of one record in one sentence', () => {
    const changed = after({ nodes: replaced(records.nodes, { ...node, ready: false, unschedulable: true }) });
    expect(sentences(changed)).toEqual([`Node ${node.name} changed: ready from yes to no; cordoned from no to yes.`]);
    expect(diffTopologies(before, changed).changes).toMatchObject([
      {
        kind: 'changed',
        table: 'nodes',
        id: node.id,
        fields: [
          { field: 'ready', before: 'yes', after: 'no' },
          { field: 'cordoned', before: 'no', after: 'yes' },
        ],
      },
    ]);
    const management = { ...eni.management, state: 'unmanaged', rule: 'no-manage-tag' } as const;
    expect(sentences(after({ enis: replaced(records.enis, { ...eni, management }) }))).toEqual([
      `Primary ENI ${eni.id} changed: management from managed (primary) to unmanaged (no-manage-tag).`,
    ]);
  });
});

describe('the changes', () => {
  it('reports each address slot that changed or appeared', () => {
    const [one, two] = [
      { ip: '10.9.0.1', state: 'warm', interface: null },
      { ip: '10.9.0.2', state: 'cooling', interface: null },
    ] as const;
    const held = { ip: '10.9.0.1', state: 'assigned', interface: eth0.id } as const;
    const was = after({ enis: replaced(records.enis, { ...eni, addresses: [one, two] }) });
    const is = after({ enis: replaced(records.enis, { ...eni, addresses: [held] }) });
    expect(diffTopologies(was, is).lines.slice(1)).toEqual([
      `Primary ENI ${eni.id} changed: slot 10.9.0.1 from warm to assigned to interface eth0 of ${saidPod}; slot 10.9.0.2 from cooling to none.`,
    ]);
    expect(diffTopologies(is, was).lines.slice(1)).toEqual([
      `Primary ENI ${eni.id} changed: slot 10.9.0.1 from assigned to interface eth0 of ${saidPod} to warm; slot 10.9.0.2 from none to cooling.`,
    ]);
  });

  it('reports ipamd’s next step for a pool, not the pool’s numbers', () => {
    const next = { action: 'none', count: null, reason: '', blockedBy: null } as const;
    const pool = aPool({ total: 9, assigned: 4, available: 5, cooling: 0, warm: 5, target: 5, next });
    const withPool = (change: object): Topology =>
      after({ nodes: replaced(records.nodes, { ...node, pools: [{ ...pool, ...change }] }) });
    expect(diffTopologies(withPool({}), withPool({ assigned: 5, available: 4, warm: 4, low: null })).changes).toEqual(
      [],
    );
    const attach = { action: 'attach-eni', count: 1, reason: 'short', blockedBy: 'no free subnet' };
    expect(diffTopologies(withPool({}), withPool({ next: attach })).lines.slice(1)).toEqual([
      `Node ${node.name} changed: next step of ipamd on card 0 from none to attach an ENI (blocked by no free subnet).`,
    ]);
  });

  it('reports a pod that was recreated with the same name', () => {
    expect(sentences(after({ pods: replaced(records.pods, { ...pod, uid: 'another' }) }))).toEqual([
      `Pod ${pod.namespace}/${pod.name} changed: uid from ${pod.uid} to another.`,
    ]);
  });

  it('reports a host NIC with its ENI, and capitalises no id', () => {
    const nic = {
      id: 'nic:n/ens9',
      node: node.id,
      name: 'ens9',
      altNames: [],
      mac: null,
      pciAddress: null,
      up: null,
      mtu: null,
      over: [],
      vfs: null,
      eni: eni.id,
      certainty: 'inferred',
      source: 'rule',
    } as const;
    const came = toTopology({ ...records, hostNics: new Map([[nic.id, nic]]) }, CLUSTER, LATER);
    const none = toTopology(
      { ...records, hostNics: new Map(), enis: less(records.enis, (one) => one.id === eni.id) },
      CLUSTER,
      LATER,
    );
    expect(diffTopologies(none, came).changes.map(({ id }) => id)).not.toContain(nic.id);
    const subnet = first(records.subnets);
    const gone = after({ subnets: less(records.subnets, (one) => one.id === subnet.id) });
    expect(sentences(gone)[0]).toBe(`Subnet ${subnet.id}${subnet.cidr === null ? '' : ` (${subnet.cidr})`} went.`);
  });

  it('omits changes that only follow from others', () => {
    expect(sentences(after({ nodes: replaced(records.nodes, { ...node, podCount: 99 }) }))).toEqual([]);
  });

  it('reports that the clusters differ, and that one is a demo', () => {
    const other = { ...before, cluster: { ...CLUSTER, name: 'test', demo: true } };
    expect(diffTopologies(before, other).lines.slice(1)).toEqual([
      'These are two clusters: prod and test.',
      'At least one of them is the demo cluster, with simulated data.',
    ]);
  });

  it('treats the same cluster name in two networks as two clusters', () => {
    const other = { ...before, cluster: { ...CLUSTER, vpcId: 'vpc-other' } };
    expect(diffTopologies({ ...before, cluster: { ...CLUSTER, vpcId: 'vpc-one' } }, other).lines[1]).toBe(
      'These are two clusters, in vpc-one and in vpc-other.',
    );
  });

  it('escapes control characters in names', () => {
    const evil = { ...pod, id: 'pod:ns/\u001b[2J', name: '\u001b[2J' };
    expect(sentences(after({ pods: replaced(records.pods, evil) })).join('\n')).not.toMatch(/\u001b/);
  });
});
