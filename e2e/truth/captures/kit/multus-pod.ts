/** A running pod as Multus leaves it: its eth0 on the primary ENI, and what the network-status says of its other interfaces. */
import type { Cluster } from './cluster';
import type { Eni } from './eni';
import type { Node } from './node';
import { NETWORKS, STATUS } from './pod';
import type { Expectation, Fields, Json, PodSpec } from './types';

interface Entry {
  readonly network: string;
  readonly as: string;
  readonly ips?: readonly string[];
  readonly mac?: string;
  readonly more?: Readonly<Record<string, Json>>;
  readonly truth: Fields;
}

const dummy = (ip: string): Json => ({
  name: 'aws-cni',
  interface: 'dummydb68da92e6e',
  ips: [ip],
  mac: '0',
  default: true,
  dns: {},
});

export const none: Fields = { eni: null, card: null, link: { rule: 'none' } };
export const linked = (eni: Eni, rule: Expectation, certainty: Expectation = 'observed'): Fields => ({
  eni: eni.id,
  card: eni.card,
  link: { rule, certainty },
});

/** A running pod with its eth0 on the primary ENI and the entries that Multus wrote after it. */
export function multusPod(
  c: Cluster,
  key: string,
  node: Node,
  networks: string | null,
  entries: readonly Entry[],
  spec: PodSpec = {},
): void {
  const held = node.primary.add();
  held.holder = `if:${key}/eth0`;
  const status = [
    dummy(held.ip),
    ...entries.map(({ network, as, ips, mac, more }) => ({
      name: network,
      ...(as === '' ? {} : { interface: as }),
      ...(ips === undefined ? {} : { ips }),
      ...(mac === undefined ? {} : { mac }),
      dns: {},
      ...more,
    })),
  ];
  c.write(key, node, [held.ip], {
    ...spec,
    annotations: {
      ...(networks === null ? {} : { [NETWORKS]: networks }),
      [STATUS]: JSON.stringify(status, null, 4),
      ...spec.annotations,
    },
  });
  c.expectLink(held.holder, node, { held, eni: node.primary, rule: 'secondary-ip' });
  for (const { network, as, truth } of entries) {
    c.interfaces[`if:${key}/${as}`] = {
      pod: `pod:${key}`,
      node: node.id,
      network: `net:${network}`,
      state: networks === null ? 'unrequested' : 'reported',
      ...truth,
    };
  }
}
