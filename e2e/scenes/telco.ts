/** A packet core on Multus: UPF, AMF and SMF on ipvlan, host-device, macvlan and bridge networks, each ENI `no_manage`. */
import { must } from '../../lib/sim/model/must';
import type { Life } from '../../lib/sim/model/life';
import { addNetwork, type NewNetwork } from '../../lib/sim/model/networks';
import { addNode } from '../../lib/sim/model/ec2-nodes';
import type { NetworkRequest } from '../../lib/sim/model/pod';
import { addSubnet, type ClusterState } from '../../lib/sim/model/state';
import type { SimSubnet } from '../../lib/sim/model/subnet';
import { addZones, inGroup, installSystem, type Scene } from '../../lib/sim/scenes/base/scene';
import { addForeignEnis } from '../../lib/sim/scenes/base/foreign-enis';

const MULTUS = '4.0.2';
const NO_MANAGE = { 'node.k8s.amazonaws.com/no_manage': 'true' };

/** The subnets of one zone's extra ENIs, by device index from 1. */
interface Planes {
  readonly n3: SimSubnet;
  readonly n4: SimSubnet;
  readonly n6: SimSubnet;
  readonly lab: SimSubnet;
}

export const telco: Scene = {
  name: 'telco',
  clusterName: 'packet-core',
  changesPerSecond: 0.5,
  size: { nodes: 8, podsPerNode: 8 },
  build(state, life, size) {
    const zones = addZones(state, 2, (index) => `10.30.${index * 32}.0/19`);
    installSystem(state, { multus: MULTUS, whereabouts: true });
    for (const [index, { zone, subnet }] of zones.entries()) {
      const letter = must(zone.at(-1), 'zone letter');
      const plane = (name: string, net: number): SimSubnet =>
        addSubnet(state, { name: `${name}-${letter}`, cidr: `10.${net}.${index}.0/24`, zone });
      const planes = { n3: plane('n3', 63), n4: plane('n4', 64), n6: plane('n6', 66), lab: plane('lab', 67) };
      addNetworks(state, letter, planes, `10.66.${index}.1`);
      if (index === 0)
        addNetwork(state, { namespace: 'core', name: 'oam', plugin: 'bridge', range: '192.168.100.0/24' });
      const count = Math.ceil(size.nodes / zones.length);
      for (let node = 0; node < count; node += 1) addWorker(state, letter, subnet, planes, node);
      addWorkloads(life, letter, count, size.podsPerNode);
      addForeignEnis(state, subnet, 1);
    }
  },
};

function addNetworks(state: ClusterState, letter: string, planes: Planes, gateway: string): void {
  const attach = (
    plane: keyof Planes,
    device: number,
    more: Pick<NewNetwork, 'plugin'> & Partial<NewNetwork>,
  ): void => {
    addNetwork(state, {
      namespace: 'core',
      from: 20,
      name: `${plane}-${letter}`,
      // Amazon Linux 2 names host links eth0, eth1 … in order of attachment (multus §3.4).
      master: `eth${device}`,
      device,
      range: planes[plane].cidr,
      ...more,
    });
  };
  attach('n3', 1, { plugin: 'host-device' });
  attach('n4', 2, { plugin: 'ipvlan', chain: [{ type: 'sbr' }] });
  attach('n6', 3, { plugin: 'ipvlan', gateway });
  attach('lab', 4, { plugin: 'macvlan' });
}

function addWorker(state: ClusterState, letter: string, subnet: SimSubnet, planes: Planes, index: number): void {
  addNode(state, {
    subnet,
    type: index % 2 === 0 ? 'm5.4xlarge' : 'c6i.8xlarge',
    os: 'al2',
    multus: MULTUS,
    nodeGroup: `core-${letter}`,
    namedById: index === 1,
    env: { WARM_IP_TARGET: '10' },
    extra: [planes.n3, planes.n4, planes.n6, planes.lab].map((extra, device) => ({
      subnet: extra,
      device: device + 1,
      description: `Multus ENI ${device + 1}`,
      tags: { Name: `multus-${device + 1}`, ...NO_MANAGE },
    })),
  });
}

function addWorkloads(life: Life, letter: string, nodes: number, podsPerNode: number): void {
  const where = inGroup(`core-${letter}`);
  const net = (name: string, as?: string): NetworkRequest => ({
    network: `core/${name}`,
    ...(as === undefined ? {} : { interface: as }),
  });
  const pods = (part: number): number => Math.max(1, Math.round(nodes * podsPerNode * part));
  const core = { kind: 'Deployment', namespace: 'core', where } as const;
  life.add({
    ...core,
    app: `upf-${letter}`,
    replicas: nodes,
    onePerNode: true,
    requests: [net(`n3-${letter}`, 'n3'), net(`n6-${letter}`, 'n6'), net(`n4-${letter}`)],
  });
  life.add({
    ...core,
    kind: 'StatefulSet',
    app: `smf-${letter}`,
    replicas: pods(0.2),
    requests: [net(`n4-${letter}`, 'n4'), net('oam', 'oam')],
  });
  life.add({ ...core, app: `amf-${letter}`, replicas: pods(0.2), requests: [net('oam')] });
  life.add({ ...core, app: `lab-${letter}`, replicas: 1, requests: [net(`lab-${letter}`)], calm: true });
  life.add({ kind: 'Deployment', namespace: 'web', app: `portal-${letter}`, replicas: pods(0.4), where });
}
