/** Nodes whose pods get interfaces by claims: DRANET on machines with many cards, shared EFA, virtual functions. */
import { addSharedClaim } from '../../../lib/sim/model/claims';
import { publishDevices, runDranet, runGpuDriver } from '../../../lib/sim/model/devices';
import { runSriovDriver } from '../../../lib/sim/scenes/base/sriov-driver';
import { addNode } from '../../../lib/sim/model/ec2-nodes';
import type { ExtraEni } from '../../../lib/sim/model/extra-enis';
import { addNetwork } from '../../../lib/sim/model/networks';
import { addHybridNode } from '../../../lib/sim/scenes/base/hybrid-node';
import type { ClusterState } from '../../../lib/sim/model/state';
import {
  EFA_CLASS,
  FUNCTION_CLASS,
  GPU_CLASS,
  installDeviceClasses,
  isForClaims,
  NIC_CLASS,
} from '../../../lib/sim/scenes/base/claims';
import { KEPT_OUT, NAMESPACE, startOn, withFinished, type Mix } from './mix';

/** Every second card has a link for claims, the cards between an EFA-only ENI. */
export function dranet(state: ClusterState, mix: Mix): void {
  const { subnet, pods, index } = mix;
  const { random } = state;
  installDeviceClasses(state);
  const links = 2 + random.int(4);
  const extra = Array.from({ length: 2 * links }, (_, position): ExtraEni => {
    const isLink = position % 2 === 0;
    return {
      subnet,
      card: position + 1,
      device: 0,
      type: isLink ? 'interface' : 'efa-only',
      tags: isLink ? KEPT_OUT : {},
    };
  });
  const node = addNode(state, {
    subnet,
    type: 'p5.48xlarge',
    env: { WARM_IP_TARGET: '3' },
    extra,
    efaPlugin: false,
  });
  node.perSlice = random.pick([128, 128, 3]);
  runDranet(state, node, isForClaims, random.pick(['all', 'all', 'addresses'] as const));
  runGpuDriver(state, node, 8);
  const one = (deviceClass: string, name = 'nic') => ({ name, requests: [{ name, deviceClass }] });
  startOn(state, node, 1 + random.int(links - 1), { app: 'train', claims: [one(NIC_CLASS)] });
  startOn(state, node, 1, {
    app: 'efa',
    claims: [{ name: 'efa', requests: [{ name: 'efa', deviceClass: EFA_CLASS, count: 1 + random.int(2) }] }],
  });
  startOn(state, node, 1, {
    app: 'near',
    claims: [one(GPU_CLASS, 'gpu')],
  });
  if (links > 2) {
    const shared = `fabric-${index}`;
    addSharedClaim(state, NAMESPACE, { shared, ...one(EFA_CLASS, 'efa') });
    startOn(state, node, 2, { app: 'rank', claims: [{ shared, ...one(EFA_CLASS, 'efa') }] });
  }
  withFinished(state, node, Math.max(2, pods >> 2));
}

/** Virtual functions by claim on bare metal: the driver reports the interface, or leaves that to Multus. */
export function functions(state: ClusterState, mix: Mix): void {
  const { index, pods } = mix;
  installDeviceClasses(state);
  const byMultus = state.random.chance(0.5);
  const node = addHybridNode(state, {
    name: `claims-${index}.lab.example.com`,
    ip: `192.0.2.${150 + index}`,
    multus: mix.multus,
    sriov: [{ name: 'ens1f0', vfs: 8 }],
    sriovResource: null,
    computeType: 'other',
  });
  const resource = 'openshift.io/fastnet';
  runSriovDriver(state, node, resource, byMultus ? 'nothing' : 'all');
  const claims = [{ name: 'vf', requests: [{ name: 'vf', deviceClass: FUNCTION_CLASS }] }];
  if (byMultus) {
    addNetwork(state, {
      namespace: NAMESPACE,
      name: `claimed-${index}`,
      plugin: 'sriov',
      resourceName: resource,
      range: `172.31.${index}.0/24`,
    });
    startOn(state, node, Math.min(pods, 4), {
      app: 'dpdk',
      claims,
      requests: [{ network: `${NAMESPACE}/claimed-${index}` }],
    });
  } else startOn(state, node, Math.min(pods, 4), { app: 'dpdk', claims });
  publishDevices(state, node);
}
