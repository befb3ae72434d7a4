/** A packet core on Multus: UPF, AMF and SMF on ipvlan, host-device, macvlan and bridge networks, each ENI `no_manage`. */
import { must } from '../model/must';
import { addNetwork } from '../model/networks';
import { addNode } from '../model/ec2-nodes';
import { addSubnet } from '../model/state';
import { addZones, inGroup, installSystem, type Scene } from './base/scene';
import { addStrangers } from './base/strangers';

const NO_MANAGE = { 'node.k8s.amazonaws.com/no_manage': 'true' };

export const telco: Scene = {
  name: 'telco',
  clusterName: 'packet-core',
  changesPerSecond: 0.5,
  build(state, life, size) {
    const zones = addZones(state, 2, (index) => `10.30.${index * 32}.0/19`);
    const multus = '4.0.2';
    installSystem(state, { multus, whereabouts: true });
    for (const [index, { zone, subnet }] of zones.entries()) {
      const letter = must(zone.at(-1), 'zone letter');
      // Amazon Linux 2 here: host links are eth0, eth1 … in order of attachment (multus.md §3.4).
      const plane = (name: string, net: number) =>
        addSubnet(state, { name: `${name}-${letter}`, cidr: `10.${net}.${index}.0/24`, zone });
      const [n3, n4, n6, lab] = [plane('n3', 63), plane('n4', 64), plane('n6', 66), plane('lab', 67)];
      const named = { namespace: 'core', from: 20 } as const;
      addNetwork(state, {
        ...named,
        name: `n3-${letter}`,
        plugin: 'host-device',
        master: 'eth1',
        device: 1,
        range: n3.cidr,
      });
      addNetwork(state, {
        ...named,
        name: `n4-${letter}`,
        plugin: 'ipvlan',
        master: 'eth2',
        device: 2,
        range: n4.cidr,
        chain: [{ type: 'sbr' }],
      });
      addNetwork(state, {
        ...named,
        name: `n6-${letter}`,
        plugin: 'ipvlan',
        master: 'eth3',
        device: 3,
        range: n6.cidr,
        gateway: `10.66.${index}.1`,
      });
      addNetwork(state, {
        ...named,
        name: `lab-${letter}`,
        plugin: 'macvlan',
        master: 'eth4',
        device: 4,
        range: lab.cidr,
      });
      if (index === 0)
        addNetwork(state, { namespace: 'core', name: 'oam', plugin: 'bridge', range: '192.168.100.0/24' });
      const count = Math.ceil(size.nodes / zones.length);
      for (let node = 0; node < count; node += 1) {
        addNode(state, {
          subnet,
          type: node % 2 === 0 ? 'm5.4xlarge' : 'c6i.8xlarge',
          os: 'al2',
          multus,
          nodeGroup: `core-${letter}`,
          namedById: node === 1,
          env: { WARM_IP_TARGET: '10' },
          extra: [n3, n4, n6, lab].map((extra, device) => ({
            subnet: extra,
            device: device + 1,
            description: `Multus ENI ${device + 1}`,
            tags: { Name: `multus-${device + 1}`, ...NO_MANAGE },
          })),
        });
      }
      const where = inGroup(`core-${letter}`);
      const net = (name: string, as?: string) => ({
        network: `core/${name}`,
        ...(as === undefined ? {} : { interface: as }),
      });
      const pods = (part: number): number => Math.max(1, Math.round(count * size.podsPerNode * part));
      life.add({
        kind: 'Deployment',
        namespace: 'core',
        app: `upf-${letter}`,
        replicas: count,
        onePerNode: true,
        where,
        requests: [net(`n3-${letter}`, 'n3'), net(`n6-${letter}`, 'n6'), net(`n4-${letter}`)],
      });
      life.add({
        kind: 'StatefulSet',
        namespace: 'core',
        app: `smf-${letter}`,
        replicas: pods(0.2),
        where,
        requests: [net(`n4-${letter}`, 'n4'), net('oam', 'oam')],
      });
      life.add({
        kind: 'Deployment',
        namespace: 'core',
        app: `amf-${letter}`,
        replicas: pods(0.2),
        where,
        requests: [net('oam')],
      });
      life.add({
        kind: 'Deployment',
        namespace: 'core',
        app: `lab-${letter}`,
        replicas: 1,
        where,
        requests: [net(`lab-${letter}`)],
        calm: true,
      });
      life.add({ kind: 'Deployment', namespace: 'web', app: `portal-${letter}`, replicas: pods(0.4), where });
      addStrangers(state, subnet, 1);
    }
  },
};
