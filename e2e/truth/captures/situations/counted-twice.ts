/** Two views of one thing that differ for a known reason: a static pod's two UIDs, ipamd's own sums, addresses of two modes. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import { asking, entry, running, start } from './attaching';
import { fill, found, is, none, OLD, refused, says, silentOn, type Situation } from './situation';

/** The API server's copy of a static pod has another UID than the kubelet's. */
function staticPod(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  cluster.waiting('zhouyt/static-web-n1', node, {
    createdAt: OLD,
    uid: 'd59103af-b6f6-4e90-84ba-d91112074703',
    annotations: {
      'kubernetes.io/config.mirror': '70a2d08f8ad8cd5dfc51ad71fefd1e78',
      'kubernetes.io/config.source': 'file',
    },
    owner: { kind: 'Node', name: 'n1' },
  });
  refused(
    cluster,
    'zhouyt/static-web-n1',
    'plugin type="multus" name="multus-cni-network" failed (add): Multus: [zhouyt/static-web-n1/70a2d08f8ad8cd5dfc51ad71fefd1e78]: expected pod UID "70a2d08f8ad8cd5dfc51ad71fefd1e78" but got "d59103af-b6f6-4e90-84ba-d91112074703" from Kube API',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#773, k8snetworkplumbingwg/multus-cni#775',
    cluster,
    checks: [
      says('findings[subjects~pod:zhouyt/static-web-n1]', '[Ss]tatic pod'),
      says('findings[subjects~pod:zhouyt/static-web-n1].advice', 'Multus'),
      silentOn('findings[subjects~pod:zhouyt/static-web-n1]', 'does not know this message|recreated|deleted and'),
    ],
  };
}

/** Prefix mode was turned on, and pods keep secondary addresses: the sums in /v1/enis match neither mode. */
function sumsOfTwoModes(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/18'), {
    version: 'v1.11.2-eksbuild.1',
    enisJson: 'old',
    maxPods: 110,
    createdAt: OLD,
  });
  fill(cluster, node, node.primary, 4);
  const more = node.eni({ dev: 1, by: 'ipamd' });
  more.prefix();
  more.prefix();
  for (let at = 0; at < 5; at += 1) cluster.pod(`shop/new-${String(at)}`, node, more, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#2041',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 32),
      is('nodes[name=n1].pools.0.assigned', 5),
      is('nodes[name=n1].pools.0.available', 27),
      found('findings[rule=mixed-address-modes]'),
      none('findings[severity=error]'),
    ],
  };
}

/** The MAC is under a key that Multus does not know. */
function macUnderAnotherKey(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  cluster.nad('shop/macvlan-conf-1', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '10.9.0.0/24' },
  });
  running(
    cluster,
    'shop/a',
    node,
    '[{ "name": "macvlan-conf-1", "interface": "macvlan1", "macaddress": "ce:ff:6a:78:88:a1" }]',
    [entry('shop/macvlan-conf-1', 'macvlan1', '10.9.0.5', '06:00:00:00:00:01')],
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#435',
    cluster,
    checks: [says('findings[subjects~pod:shop/a]', 'macaddress'), says('findings[subjects~pod:shop/a]', '"?mac"?\\b')],
  };
}

/** The annotation requests an address with a key that does not exist, and without effect. */
function ipInIpam(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  cluster.nad(
    'shop/sriov-net1',
    { cniVersion: '0.3.1', type: 'sriov', name: 'sriov-network' },
    { 'k8s.v1.cni.cncf.io/resourceName': 'intel.com/sriov0' },
  );
  asking(
    cluster,
    'shop/testpod1',
    node,
    '[{"name":"sriov-net1","mac":"52:54:00:21:00:94","ipam":{"type":"host-local","subnet":"10.56.217.0/24"}}]',
    { resources: { 'intel.com/sriov0': '1' }, createdAt: ago(900) },
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#201',
    cluster,
    checks: [says('findings[subjects~pod:shop/testpod1]', 'ipam')],
  };
}

/** Every key of the specification, in any letter case, and those of KubeVirt and OVN-Kubernetes: all have an effect. */
function everyKey(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  cluster.nad('shop/blue', {
    cniVersion: '1.0.0',
    name: 'blue',
    type: 'ovn-k8s-cni-overlay',
    topology: 'layer2',
    netAttachDefName: 'shop/blue',
  });
  running(
    cluster,
    'shop/a',
    node,
    '[{"name":"blue","namespace":"shop","Interface":"net1","mac":"02:00:00:00:00:05","ipam-claim-reference":"a.blue","cni-args":{"any":{"key":1}}}]',
    [entry('shop/blue', 'net1', '10.9.0.5', '02:00:00:00:00:05')],
  );
  return {
    source: 'multi-net-spec 1.3, and what KubeVirt writes',
    cluster,
    checks: [none('findings[rule=networks-annotation-key]'), none('findings[rule=network-config-invalid]')],
  };
}

export const countedTwice: Readonly<Record<string, () => Situation>> = {
  'static pod with two UIDs': staticPod,
  'sums of /v1/enis over two modes': sumsOfTwoModes,
  'MAC under another key': macUnderAnotherKey,
  'ipam in the annotation': ipInIpam,
  'every key of the annotation': everyKey,
};
