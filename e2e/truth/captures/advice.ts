/** Situations in which the usual advice would do harm, or is followed already: what is said, and what is not. */
import { Cluster } from './kit/cluster';
import { eventObject } from './kit/event';
import { multusPod, none } from './kit/multus-pod';
import type { Node } from './kit/node';
import { NETWORKS } from './kit/pod';
import type { Json, NodeSpec } from './kit/types';

const LONG_AGO = '2026-09-01T09:00:00Z';

/** Judges the advice of a finding. */
const says =
  (must: RegExp, never: RegExp) =>
  (actual: unknown): string | null => {
    const text = String(actual);
    if (!must.test(text)) return `does not say ${String(must)}: ${text}`;
    return never.test(text) ? `says ${String(never)}: ${text}` : null;
  };

class Advice {
  readonly c = new Cluster({ multus: 'v4.2.2' });
  readonly subnet = this.c.subnet('10.81.0.0/18');
  readonly #events: Json[] = [];

  constructor() {
    this.c.undecided.push(
      'pool-low',
      'warm-pool-waste',
      'max-pods-too-high',
      'interfaces-share-card',
      'metrics-untrusted',
    );
  }

  node(name: string, spec: NodeSpec = {}): Node {
    return this.c.node(name, this.subnet, spec);
  }

  /** Every slot of every ENI is held by a pod. */
  full(name: string, spec: NodeSpec, enis = 3): Node {
    const on = this.node(name, { type: 't3.medium', maxPods: 110, ...spec });
    for (let dev = 0; dev < enis; dev += 1) {
      const eni = dev === 0 ? on.primary : on.eni({ dev, by: 'ipamd' });
      for (let at = 0; at < 5; at += 1) this.c.pod(`full/${name}-${String(dev)}-${String(at)}`, on, eni);
    }
    this.c.finding('node-addresses-full', on.id);
    return on;
  }

  advises(rule: string, subject: string, must: RegExp, never: RegExp, more: { readonly command?: null } = {}): void {
    this.c.expect('findings', `f:${rule}/${subject}`, { advice: says(must, never), ...more });
  }

  say(name: string, reason: string, text: string): void {
    const about = { kind: 'Pod', namespace: 'advice', name, uid: `uid-${name}` } as const;
    this.#events.push(eventObject('v1', about, reason, text, 'kubelet'));
  }

  done(): Cluster {
    this.c.extraFiles.push({
      path: 'kubernetes/said.json',
      text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: this.#events }),
    });
    return this.c;
  }
}

function fullNodes(a: Advice): void {
  const plain = a.full('plain', {});
  a.advises('node-addresses-full', plain.id, /turn on prefix mode/, /MAX_ENI/);
  const capped = a.full('capped', { env: { MAX_ENI: '2' } }, 2);
  a.advises('node-addresses-full', capped.id, /Raise MAX_ENI/, /larger instance type/);
  const cordoned = a.full('cordoned', { cordoned: true });
  a.advises('node-addresses-full', cordoned.id, /Move pods/, /cordon/, { command: null });
  a.c.undecided.push('cordoned-no-growth');
  // Prefix mode is on, and every address of every prefix is held.
  const prefix = a.node('prefix', {
    type: 't3.medium',
    maxPods: 110,
    env: { ENABLE_PREFIX_DELEGATION: 'true', MAX_ENI: '1' },
  });
  for (let block = 0; block < 5; block += 1) prefix.primary.prefix();
  for (let at = 0; at < 80; at += 1) a.c.pod(`full/prefix-${String(at)}`, prefix, prefix.primary, { via: 'prefix' });
  a.c.finding('node-addresses-full', prefix.id);
  a.advises('node-addresses-full', prefix.id, /Raise MAX_ENI/, /prefix mode/);
}

/** ENIs that somebody else made: the only one of its card, and one that ipamd passes over. */
function enis(a: Advice): void {
  const cards = a.node('cards', { type: 'c6in.32xlarge', env: { ENABLE_MULTI_NIC: 'true' } });
  cards.primary.free(49);
  cards.eni({ card: 1, dev: 0 }).free(1);
  const ignores = a.node('ignores', { env: { MANAGE_UNTAGGED_ENI: 'false' } });
  ignores.primary.free(9);
  ignores.eni({ dev: 1 });
}

/** Networks without a pod that runs: who else asks for them. */
function networks(a: Advice): void {
  const on = a.node('networks', { type: 'c5.4xlarge' });
  on.primary.free(20);
  const bridge = (name: string): void =>
    a.c.nad(`advice/${name}`, { cniVersion: '0.3.1', name, type: 'bridge', bridge: `br-${name}` });
  for (const name of ['waited-for', 'in-template', 'in-invalid', 'used', 'forgotten']) bridge(name);
  a.c.write('advice/waiter', null, [], {
    phase: 'Pending',
    createdAt: LONG_AGO,
    annotations: { [NETWORKS]: 'waited-for' },
  });
  a.c.object({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace: 'advice', name: 'none-yet', uid: 'sts-1', creationTimestamp: LONG_AGO },
    spec: { replicas: 0, template: { metadata: { annotations: { [NETWORKS]: 'in-template' } } } },
  });
  a.c.waiting('advice/broken', on, {
    uid: 'uid-broken',
    annotations: { [NETWORKS]: '[{"name":"in-invalid","ips":["nothing"]}]' },
  });
  a.c.finding('networks-annotation-invalid', 'pod:advice/broken');
  multusPod(a.c, 'advice/user', on, 'used', [{ network: 'advice/used', as: 'net1', truth: none }]);
  a.c.nad('advice/primary', {
    cniVersion: '0.4.0',
    name: 'primary',
    type: 'ovn-k8s-cni-overlay',
    topology: 'layer3',
    role: 'primary',
    subnets: '10.128.0.0/14',
    netAttachDefName: 'advice/primary',
  });
  a.c.finding('network-unused', 'net:advice/forgotten');
  a.advises('network-unused', 'net:advice/forgotten', /make sure that no object/, /^Remove/);
}

/** A bond joins what is inside the pod: no ENI is missing on the node. */
function links(a: Advice): void {
  const on = a.node('links', { type: 'c5.4xlarge' });
  on.primary.free(20);
  a.c.nad('advice/bond', {
    cniVersion: '0.3.1',
    name: 'bond',
    type: 'bond',
    mode: 'active-backup',
    miimon: '100',
    failOverMac: 1,
    linksInContainer: true,
    links: [{ name: 'net1' }, { name: 'net2' }],
  });
  a.c.nad('advice/leg', { cniVersion: '0.3.1', name: 'leg', type: 'bridge', bridge: 'br-leg' });
  a.c.waiting('advice/bonded', on, {
    uid: 'uid-bonded',
    createdAt: LONG_AGO,
    annotations: { [NETWORKS]: 'leg,leg,bond' },
  });
  for (const [at, network] of ['leg', 'leg', 'bond'].entries())
    a.c.interfaces[`if:advice/bonded/net${String(at + 1)}`] = {
      node: on.id,
      network: `net:advice/${network}`,
      ips: [],
      state: 'requested',
    };
  a.say(
    'bonded',
    'FailedCreatePodSandBox',
    'plugin type="multus" name="multus-cni-network" failed (add): [advice/bonded:bond]: error adding container to network "bond": failed to lookup master "net1": Link not found',
  );
  a.c.finding('pod-start-failed', 'pod:advice/bonded');
  a.advises('pod-start-failed', 'pod:advice/bonded', /links that earlier networks/, /Attach the ENI/);
}

/** Asked for another address, by a network that says it can. */
function capabilities(a: Advice): void {
  const on = a.node('asks', { type: 'c5.4xlarge' });
  on.primary.free(20);
  const asks = (network: string): string => `[{"name":"${network}","ips":["10.79.0.5/24"]}]`;
  const got = { as: 'net1', ips: ['10.79.0.6'], mac: '0a:58:0a:00:02:01', truth: none };
  a.c.nad('advice/can', {
    cniVersion: '0.3.1',
    name: 'can',
    type: 'bridge',
    bridge: 'br-can',
    capabilities: { ips: true },
    ipam: { type: 'static' },
  });
  a.c.nad('advice/cannot', {
    cniVersion: '0.3.1',
    name: 'cannot',
    type: 'bridge',
    bridge: 'br-cannot',
    ipam: { type: 'static' },
  });
  for (const [network, must, never] of [
    ['can', /does not honour it/, /^Declare/],
    ['cannot', /Declare the capability \(ips\)/, /honour/],
  ] as const) {
    multusPod(a.c, `advice/${network}`, on, asks(network), [
      { ...got, network: `advice/${network}`, mac: `0a:58:0a:00:02:${network === 'can' ? '01' : '02'}` },
    ]);
    a.c.finding('requested-not-honoured', `if:advice/${network}/net1`);
    a.advises('requested-not-honoured', `if:advice/${network}/net1`, must, never);
  }
}

export function advice(): Cluster {
  const a = new Advice();
  for (const part of [fullNodes, enis, networks, links, capabilities]) part(a);
  return a.done();
}
