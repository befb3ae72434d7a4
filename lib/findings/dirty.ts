/**
 * Which records a change makes worth another look, by scope.
 *
 * Counts that every pod change moves (a network's podCount, a subnet's free addresses as pools sum them up) are told apart as
 * `later`: rules over large sums run on a slow clock, so that one pod's change costs the same in a cluster of any size.
 */
import { idParts, kindOfId, networkId, nodeId } from '../model/ids';
import type { Table } from '../model/records';
import type { Change } from '../topology/engine';
import type { Replica } from '../records/replica';
import type { Scope } from './rule';

export interface Dirty {
  readonly now: ReadonlyMap<Scope, ReadonlySet<string>>;
  readonly later: ReadonlyMap<Scope, ReadonlySet<string>>;
  /** Every record id that the change touched, for findings that name it. */
  readonly touched: ReadonlySet<string>;
  /** Sources gained or lost trust: everything is to be judged again. */
  readonly all: boolean;
}

/** Node fields that rules over the node's pods, interfaces and ENIs read. */
const NODE_CONTEXT: ReadonlySet<string> = new Set([
  'ready',
  'deleting',
  'gone',
  'unschedulable',
  'cni',
  'ipamd',
  'multus',
  'osImage',
  'computeType',
  'instanceType',
  'instanceState',
  'limits',
  'allocatable',
]);
/** ENI fields that networks hang on. */
const ENI_PLACE: ReadonlySet<string> = new Set(['node', 'subnet']);
/** Network fields that pods come and go with. */
const NETWORK_COUNTS: ReadonlySet<string> = new Set(['podCount', 'ipam']);

type Reader = Pick<Replica, 'records' | 'indexes'>;

class Marks {
  readonly now = new Map<Scope, Set<string>>();
  readonly later = new Map<Scope, Set<string>>();

  constructor(readonly replica: Reader) {}

  add(scope: Scope, id: string | null, when: 'now' | 'later' = 'now'): void {
    if (id === null) return;
    const marks = this[when];
    const set = marks.get(scope);
    if (set) set.add(id);
    else marks.set(scope, new Set([id]));
  }

  addAll(scope: Scope, ids: Iterable<string> | undefined): void {
    for (const id of ids ?? []) this.add(scope, id);
  }

  wholeNode(id: string): void {
    const { enisByNode, podsByNode, interfacesByNode } = this.replica.indexes;
    this.add('nodes', id);
    this.addAll('enis', enisByNode.get(id));
    this.addAll('pods', podsByNode.get(id));
    this.addAll('interfaces', interfacesByNode.get(id));
    this.attachmentsOf(id);
  }

  interface(id: string): void {
    this.add('interfaces', id);
    const record = this.replica.records.interfaces.get(id);
    if (!record) return;
    this.add('pods', record.pod);
    this.add('nodes', record.node);
    this.add('networks', record.network, 'later');
    // Two holders of one address: the other one must look again, too. Every node's bridge may give out the same addresses,
    // which do not meet.
    const perNode = this.replica.records.networks.get(record.network)?.semantics?.perNode === true;
    for (const ip of record.ips) {
      for (const owner of this.replica.indexes.ownersByIp.get(ip) ?? []) {
        if (!owner.startsWith('if:')) continue;
        if (!perNode || this.replica.records.interfaces.get(owner)?.node === record.node) this.add('interfaces', owner);
      }
    }
  }

  pod(id: string): void {
    this.add('pods', id);
    const record = this.replica.records.pods.get(id);
    this.add('nodes', record?.node ?? null);
    this.addAll('interfaces', this.replica.indexes.interfacesByPod.get(id));
    for (const { network } of record?.requested ?? []) this.add('networks', network, 'later');
  }

  /** Networks that hang on something of the node's. */
  attachmentsOf(node: string | null): void {
    for (const id of this.replica.indexes.attachmentsByNode.get(node ?? '') ?? [])
      this.add('networks', this.replica.records.attachments.get(id)?.network ?? null, 'later');
  }

  network(id: string): void {
    this.add('networks', id);
    for (const face of this.replica.indexes.interfacesByNetwork.get(id) ?? []) this.interface(face);
  }

  eni(id: string, wide: boolean): void {
    this.add('enis', id);
    const record = this.replica.records.enis.get(id);
    if (!record) return;
    this.add('nodes', record.node);
    this.add('subnets', record.subnet, 'later');
    if (wide) this.addAll('interfaces', this.replica.indexes.interfacesByEni.get(id));
  }

  /** The record that a signal, a subject or an index names. */
  any(id: string): void {
    switch (kindOfId(id)) {
      case 'node':
        this.add('nodes', id);
        break;
      case 'pod':
        this.pod(id);
        break;
      case 'interface':
        this.interface(id);
        break;
      case 'eni':
        this.eni(id, false);
        break;
      case 'network':
        this.add('networks', id);
        break;
      case 'subnet':
        this.add('subnets', id);
        break;
      case 'ipPool':
        this.add('ipPools', id);
        break;
      default:
    }
  }
}

const fieldsOf = (patch: { readonly set: object }): readonly string[] => Object.keys(patch.set);
const touches = (patch: { readonly set: object }, fields: ReadonlySet<string>): boolean =>
  fieldsOf(patch).some((field) => fields.has(field));

/** Reads a change against the replica that it has been applied to. */
export function dirtyOf(tables: Change['tables'], replica: Reader): Dirty {
  const marks = new Marks(replica);
  const touched = new Set<string>();
  const each = (table: Table, visit: (id: string, patch: { readonly set: object } | null) => void): void => {
    const delta = tables[table];
    if (!delta) return;
    for (const record of delta.put) visit(record.id, null);
    for (const patch of delta.patch) visit(patch.id, patch);
    for (const id of delta.drop) visit(id, null);
    for (const { id } of [...delta.put, ...delta.patch]) touched.add(id);
    for (const id of delta.drop) touched.add(id);
  };

  each('nodes', (id, patch) => {
    if (patch === null || touches(patch, NODE_CONTEXT)) marks.wholeNode(id);
    else marks.add('nodes', id);
    for (const eni of replica.indexes.enisByNode.get(id) ?? [])
      marks.add('subnets', replica.records.enis.get(eni)?.subnet ?? null, 'later');
  });
  each('networkCards', (id) => marks.add('nodes', nodeId(idParts(id)[0] ?? '')));
  each('hostNics', (id) => marks.wholeNode(nodeId(idParts(id)[0] ?? '')));
  each('enis', (id, patch) => {
    marks.eni(id, true);
    if (patch === null || touches(patch, ENI_PLACE)) marks.attachmentsOf(replica.records.enis.get(id)?.node ?? null);
  });
  each('subnets', (id, patch) => {
    marks.add('subnets', id);
    if (
      patch !== null &&
      !fieldsOf(patch).some(
        (field) => field !== 'availableAddresses' && field !== 'freePrefixes' && field !== 'heldByCluster',
      )
    )
      return;
    for (const eni of replica.indexes.enisBySubnet.get(id) ?? []) {
      marks.eni(eni, true);
      marks.attachmentsOf(replica.records.enis.get(eni)?.node ?? null);
    }
  });
  each('networks', (id, patch) => {
    if (patch !== null && fieldsOf(patch).every((field) => NETWORK_COUNTS.has(field)))
      marks.add('networks', id, 'later');
    else marks.network(id);
  });
  each('attachments', (id) => {
    const [node = '', namespace = '', name = ''] = idParts(id);
    const network = networkId(namespace, name);
    marks.add('nodes', nodeId(node));
    marks.add('networks', network, 'later');
    for (const face of replica.indexes.interfacesByNode.get(nodeId(node)) ?? []) {
      if (replica.records.interfaces.get(face)?.network === network) marks.add('interfaces', face);
    }
  });
  each('ipPools', (id) => {
    marks.add('ipPools', id);
    for (const network of replica.records.ipPools.get(id)?.networks ?? []) marks.add('networks', network, 'later');
  });
  each('pods', (id) => marks.pod(id));
  each('interfaces', (id) => marks.interface(id));
  each('signals', (id) => {
    const subject = replica.records.signals.get(id)?.subject ?? id.slice('sig:'.length, id.lastIndexOf('/'));
    marks.any(subject);
  });

  return {
    now: marks.now,
    later: marks.later,
    touched,
    all:
      (tables.sources?.put.length ?? 0) + (tables.sources?.patch.length ?? 0) + (tables.sources?.drop.length ?? 0) > 0,
  };
}
