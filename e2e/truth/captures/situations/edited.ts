/** Networks that were edited, or deleted and made again, after pods were attached: those keep the config of their start. */
import type { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import { entry, running, start } from './attaching';
import { count, found, none, says, silentOn, type Situation } from './situation';

const EDITED = '2026-09-01T11:00:00Z';
const AFTER = '2026-09-01T11:20:00Z';

interface Written {
  readonly createdAt?: string;
  readonly generation?: number;
  readonly managers?: readonly Json[];
}

const by = (manager: string, time: string, fieldsV1: Json): Json => ({
  manager,
  operation: 'Update',
  apiVersion: 'k8s.cni.cncf.io/v1',
  time,
  fieldsType: 'FieldsV1',
  fieldsV1,
});

/** kubectl apply owns the annotation that it writes as well as the config: its time is that of its last change of either. */
const APPLIED = (time: string): Json =>
  by('kubectl-client-side-apply', time, {
    'f:metadata': { 'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} } },
    'f:spec': { '.': {}, 'f:config': {} },
  });

/** kubectl edit owns what was edited. */
const EDIT = by('kubectl-edit', EDITED, { 'f:spec': { 'f:config': {} } });

function network(c: Cluster, config: Json, { createdAt, generation = 1, managers = [] }: Written): void {
  c.object({
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: {
      namespace: 'shop',
      name: 'lan',
      uid: 'nad-lan',
      creationTimestamp: createdAt ?? '2026-08-01T00:00:00Z',
      generation,
      managedFields: managers,
    },
    spec: { config: JSON.stringify(config) },
  });
}

const macvlan = (more: { readonly [key: string]: Json } = {}, ipam: { readonly [key: string]: Json } = {}): Json => ({
  cniVersion: '0.3.1',
  type: 'macvlan',
  master: 'bond0',
  ipam: { type: 'static', addresses: [{ address: '192.168.8.5/24' }], ...ipam },
  ...more,
});

/** A default route came into the config. Pods of before do not have it, and the next one does. */
function routeAdded(written: Written, tells: boolean): Situation {
  const { cluster, node } = start();
  network(cluster, macvlan({}, { routes: [{ dst: '0.0.0.0/0', gw: '192.168.8.1' }] }), written);
  running(cluster, 'shop/old', node, 'lan', [entry('shop/lan', 'net1', '192.168.8.5', '0a:58:00:00:08:05')]);
  running(cluster, 'shop/new', node, 'lan', [entry('shop/lan', 'net1', '192.168.8.6', '0a:58:00:00:08:06')], {
    createdAt: AFTER,
    runningSince: AFTER,
  });
  const changed = 'findings[rule=networks-changed-after-start]';
  return {
    source:
      'k8snetworkplumbingwg/multus-cni#1387, docs (a network is read when a pod is created); Kubernetes: managedFields',
    cluster,
    checks: [
      found('findings[rule=default-route-conflict][subjects~pod:shop/new]'),
      ...(tells
        ? [
            says(changed, 'shop/old'),
            says(changed, 'net:shop/lan|shop/lan'),
            says(`${changed}.severity`, 'info'),
            says(`${changed}.advice`, '(?i)again|anew|recreate|restart|roll'),
            silentOn(changed, 'shop/new'),
            none('findings[rule=default-route-conflict][subjects~pod:shop/old]'),
          ]
        : [none(changed), found('findings[rule=default-route-conflict][subjects~pod:shop/old]')]),
    ],
  };
}

/** The parent was exchanged: nothing says that the pod of before hangs on the new one. */
function parentExchanged(): Situation {
  const { cluster, node } = start({ os: 'Amazon Linux 2', maxPods: 20 });
  const subnets = ['10.60.0.0/24', '10.61.0.0/24'].map((cidr) => cluster.subnet(cidr));
  const tags = { 'node.k8s.amazonaws.com/no_manage': 'true' };
  const [first, second] = subnets.map((subnet, at) => node.eni({ dev: at + 1, tags }, subnet));
  network(cluster, macvlan({ master: 'eth2', type: 'vlan', vlanId: 7 }), {
    generation: 2,
    managers: [APPLIED(EDITED), EDIT],
  });
  running(cluster, 'shop/old', node, 'lan', [entry('shop/lan', 'net1', '192.168.8.5', '0a:58:00:00:08:05')]);
  running(cluster, 'shop/new', node, 'lan', [entry('shop/lan', 'net1', '192.168.8.6', '0a:58:00:00:08:06')], {
    createdAt: AFTER,
    runningSince: AFTER,
  });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1387 (master changed in the network)',
    cluster,
    checks: [
      silentOn('interfaces[id=if:shop/old/net1].eni', `${String(second?.id)}|${String(first?.id)}`),
      says('interfaces[id=if:shop/new/net1]', String(second?.id)),
      says('interfaces[id=if:shop/old/net1].link.evidence', '(?i)former|before|earlier|changed'),
      count('findings[rule=networks-changed-after-start]', 1),
    ],
  };
}

/** A container that was restarted since, or a node that was: the sandbox may be of today. */
function restartedSince(): Situation {
  const { cluster, node } = start();
  network(cluster, macvlan(), { generation: 2, managers: [EDIT] });
  running(cluster, 'shop/old', node, 'lan', [entry('shop/lan', 'net1', '192.168.8.5', '0a:58:00:00:08:05')], {
    runningSince: AFTER,
  });
  return {
    source: 'Kubernetes: status.startTime stays where a sandbox is made again',
    cluster,
    checks: [none('findings[rule=networks-changed-after-start]')],
  };
}

export const edited: Readonly<Record<string, () => Situation>> = {
  'network edited after its pod started': () =>
    routeAdded({ generation: 2, managers: [APPLIED('2026-08-01T00:00:00Z'), EDIT] }, true),
  'network recreated after its pod started': () => routeAdded({ createdAt: EDITED }, true),
  'network re-applied, with an unknown change': () => routeAdded({ generation: 2, managers: [APPLIED(EDITED)] }, false),
  'network unchanged since its pod started': () => routeAdded({ managers: [APPLIED('2026-08-01T00:00:00Z')] }, false),
  'network without managedFields': () => routeAdded({ generation: 3 }, false),
  'network whose parent was replaced under a pod': parentExchanged,
  'network edited, and the container restarted since': restartedSince,
};
