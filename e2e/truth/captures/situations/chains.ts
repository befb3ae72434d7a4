/** Chains of plugins: bonds over the pod’s own links, meta plugins alone, what tuning and route-override change. */
import type { Json } from '../kit/types';
import { asking, entry, multusSays, running, start } from './attaching';
import { labPod, startLab } from './lab';
import { found, is, none, refused, says, silentOn, type Situation } from './situation';

const KEPT = { 'node.k8s.amazonaws.com/no_manage': 'true' };
const CALM = [none('findings[severity=error]'), none('findings[severity=warning]')];

const bond = (links: readonly string[], more: object = {}): Json => ({
  type: 'bond',
  cniVersion: '0.3.1',
  name: 'bond-net',
  mode: 'active-backup',
  failOverMac: 1,
  linksInContainer: true,
  miimon: '100',
  links: links.map((name) => ({ name })),
  ipam: { type: 'host-local', subnet: '10.56.217.0/24' },
  ...more,
});

const bondRefused = (link: string): string =>
  `Failed to retrieve link objects from configuration file ({NetConf:{CNIVersion:0.3.1 Name:bond-net Type:bond}}), error: Failed to confirm that link (${link}) exists, error: Failed to lookup link name ${link}, error: Link not found`;

const device = { 'k8s.v1.cni.cncf.io/resourceName': 'intel.com/vf' };

/** The bond stands before the links that it joins. */
function bondFirst(): Situation {
  const { cluster, node } = startLab({ capacity: { 'intel.com/vf': '8' } });
  cluster.nad('telco/sriov-a', { cniVersion: '0.3.1', type: 'sriov' }, device);
  cluster.nad('telco/sriov-b', { cniVersion: '0.3.1', type: 'sriov' }, device);
  cluster.nad('telco/bond-net', bond(['net2', 'net3']));
  asking(cluster, 'telco/du', node, 'bond-net,sriov-a,sriov-b', { resources: { 'intel.com/vf': '2' } });
  refused(cluster, 'telco/du', multusSays('telco/du', 'bond-net', bondRefused('net2')));
  return {
    source: 'k8snetworkplumbingwg/bond-cni#21 (the bond before its links)',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/du]', 'net2'),
      says('findings[subjects~pod:telco/du]', '(?i)(after|before|order|behind)'),
      none('findings[rule=parent-interface-missing]'),
      silentOn('findings[subjects~pod:telco/du].advice', '(?i)on the node w1 .*net2|create net2 on'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/du address', says: /net2/ }],
  };
}

/** A lab with SR-IOV functions, and a bond of the first two interfaces. */
function startBonds(): ReturnType<typeof startLab> {
  const lab = startLab({ capacity: { 'intel.com/vf': '8' } });
  lab.cluster.nad('telco/sriov-a', { cniVersion: '0.3.1', type: 'sriov' }, device);
  lab.cluster.nad('telco/bond-net', bond(['net1', 'net2']));
  return lab;
}

/** One link of two: the pod does not ask for the other. */
function bondWithoutALink(): Situation {
  const { cluster, node } = startBonds();
  asking(cluster, 'telco/du', node, 'sriov-a,bond-net', { resources: { 'intel.com/vf': '1' } });
  refused(cluster, 'telco/du', multusSays('telco/du', 'bond-net', bondRefused('net2')));
  return {
    source: 'k8snetworkplumbingwg/bond-cni (getLinkObjectsFromConfig)',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/du]', 'net2'),
      // net2 is the bond itself: the pod asks for no second link.
      says('findings[subjects~pod:telco/du]', 'net2 is the name that its own interface gets'),
      none('findings[rule=parent-interface-missing]'),
    ],
  };
}

/** The links have other names in the pod than the bond says. */
function bondRenamed(): Situation {
  const { cluster, node } = startBonds();
  asking(cluster, 'telco/du', node, 'sriov-a@ext0,sriov-a@ext1,bond-net@bond0', { resources: { 'intel.com/vf': '2' } });
  refused(cluster, 'telco/du', multusSays('telco/du', 'bond-net', bondRefused('net1')));
  return {
    source: 'k8snetworkplumbingwg/bond-cni (README: the links’ names in the pod), multus-cni (getIfname)',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/du]', 'net1'),
      says('findings[subjects~pod:telco/du]', 'ext0'),
      none('findings[rule=parent-interface-missing]'),
    ],
  };
}

/** A bond at work: three interfaces, of which two have no address. */
function bondAtWork(): Situation {
  const { cluster, node } = startBonds();
  const vf = (pci: string): object => ({
    'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': pci, 'pf-pci-address': '0000:3b:00.0' } },
  });
  // failOverMac 0: the bond has the MAC of its first link, and the second takes it as well.
  labPod(
    cluster,
    'telco/du',
    node,
    'sriov-a,sriov-a,bond-net@bond0',
    [
      { ...(entry('telco/sriov-a', 'net1', null, '0a:58:00:00:0b:01') as object), ...vf('0000:3b:02.0') },
      { ...(entry('telco/sriov-a', 'net2', null, '0a:58:00:00:0b:01') as object), ...vf('0000:3b:02.1') },
      entry('telco/bond-net', 'bond0', '10.56.217.10', '0a:58:00:00:0b:01'),
    ],
    { resources: { 'intel.com/vf': '2' } },
  );
  return {
    source: 'k8snetworkplumbingwg/bond-cni#5 (links with one MAC)',
    cluster,
    checks: [
      is('interfaces[id=if:telco/du/bond0].state', 'reported'),
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=host-device-conflict]'),
      ...CALM,
    ],
    sayings: [
      { command: 'lookup', words: '0a:58:00:00:0b:01', says: /bond0/ },
      { command: 'lookup', words: '10.56.217.10', says: /telco\/du/ },
    ],
  };
}

const META: Readonly<Record<string, Json>> = {
  'route-override': {
    cniVersion: '0.3.1',
    type: 'route-override',
    flushroutes: false,
    addroutes: [{ dst: '192.168.0.0/24', gw: '10.1.254.254' }],
  },
  tuning: { cniVersion: '0.3.1', type: 'tuning', sysctl: { 'net.core.somaxconn': '500' } },
  sbr: { cniVersion: '0.3.1', type: 'sbr' },
  bandwidth: { cniVersion: '0.4.0', type: 'bandwidth', ingressRate: 1000000, ingressBurst: 1000000 },
};

/** A plugin that changes what the one before it made, alone: there is nothing to change. */
function metaAlone(type: string): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/tunnel', META[type] ?? {});
  asking(cluster, 'shop/a', node, 'tunnel');
  refused(
    cluster,
    'shop/a',
    multusSays('shop/a', 'tunnel', `plugin type="${type}" failed (add): must be called as chained plugin`),
  );
  return {
    source: 'redhat-nfvpe/cni-route-override#5, #22; containernetworking/plugins (meta plugins)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', type),
      says('findings[subjects~pod:shop/a]', '(?i)chain|behind|after|main plugin|no interface'),
      silentOn('findings[subjects~pod:shop/a]', '(?i)does not know this message'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: new RegExp(type) }],
  };
}

/** A fixed MAC in the network's config, and two replicas. */
function macInTheConfig(): Situation {
  const { cluster, node } = startLab();
  const second = cluster.node('w2', node.subnet, node.spec);
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    plugins: [
      { type: 'macvlan', master: 'eth0', mode: 'bridge', ipam: { type: 'whereabouts', range: '192.168.9.0/24' } },
      { type: 'tuning', mac: 'c2:b0:57:49:47:f1' },
    ],
  });
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.9.1', 'c2:b0:57:49:47:f1')]);
  labPod(cluster, 'shop/b', second, 'lan', [entry('shop/lan', 'net1', '192.168.9.2', 'c2:b0:57:49:47:f1')]);
  return {
    source: 'containernetworking/plugins#237 (tuning with a MAC), k8snetworkplumbingwg/multus-cni#266',
    cluster,
    checks: [
      says('findings[rule=duplicate-mac]', 'c2:b0:57:49:47:f1'),
      says('findings[rule=duplicate-mac]', '(?i)config|tuning'),
    ],
    sayings: [{ command: 'lookup', words: 'C2:B0:57:49:47:F1', says: /shop\/a[^]*shop\/b/ }],
  };
}

/** route-override takes the default route away that the network's IPAM brings. */
function flushedGateway(flush: string): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: KEPT });
  const held = kept.add();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    plugins: [
      {
        type: 'ipvlan',
        master: 'eth1',
        ipam: {
          type: 'static',
          addresses: [{ address: `${held.ip}/20`, gateway: '10.40.0.1' }],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'route-override', [flush]: true, addroutes: [{ dst: '172.31.0.0/16', gw: '10.40.0.1' }] },
    ],
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', held.ip, kept.mac)]);
  return {
    source: 'redhat-nfvpe/cni-route-override (flushgateway, flushroutes)',
    cluster,
    checks: [none('findings[rule=default-route-conflict]'), ...CALM],
  };
}

/** The same chain puts a default route in again. */
function addedGateway(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: KEPT });
  const held = kept.add();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    plugins: [
      { type: 'ipvlan', master: 'eth1', ipam: { type: 'static', addresses: [{ address: `${held.ip}/20` }] } },
      { type: 'route-override', addroutes: [{ dst: '0.0.0.0/0', gw: '10.40.0.1' }] },
    ],
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', held.ip, kept.mac)]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#602 (a default route by route-override)',
    cluster,
    checks: [found('findings[rule=default-route-conflict]')],
  };
}

/** A misspelt meta plugin. */
function misspelt(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    plugins: [
      { type: 'bridge', bridge: 'br0', ipam: { type: 'host-local', subnet: '192.168.122.0/24' } },
      { type: 'route-overwrite', flushroutes: true },
    ],
  });
  asking(cluster, 'shop/a', node, 'lan');
  refused(
    cluster,
    'shop/a',
    multusSays('shop/a', 'lan', 'failed to find plugin "route-overwrite" in path [/opt/cni/bin /opt/cni/bin]'),
  );
  return {
    source: 'redhat-nfvpe/cni-route-override#2',
    cluster,
    checks: [says('findings', 'route-overwrite'), says('findings', 'route-override')],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /route-overwrite/ }],
  };
}

/** The requested MAC is a multicast address. */
function multicastMac(): Situation {
  const { cluster, node } = start();
  const networks = '[{"name":"lan","mac":"33:33:00:00:00:01"}]';
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth0',
    mode: 'bridge',
    capabilities: { mac: true },
    ipam: { type: 'static' },
  });
  asking(cluster, 'shop/a', node, networks);
  refused(
    cluster,
    'shop/a',
    multusSays(
      'shop/a',
      'lan',
      'plugin type="macvlan" failed (add): failed to create macvlan: cannot assign requested address',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1378',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', '33:33:00:00:00:01'),
      says('findings[subjects~pod:shop/a]', '(?i)multicast'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /33:33:00:00:00:01/ }],
  };
}

export const chains: Readonly<Record<string, () => Situation>> = {
  'bond before its links': bondFirst,
  'bond without its second link': bondWithoutALink,
  'bond whose links have other names': bondRenamed,
  'healthy bond with one MAC': bondAtWork,
  'route-override as the only plugin': () => metaAlone('route-override'),
  'tuning as the only plugin': () => metaAlone('tuning'),
  'sbr as the only plugin': () => metaAlone('sbr'),
  'bandwidth as the only plugin': () => metaAlone('bandwidth'),
  'MAC in the config, and two replicas': macInTheConfig,
  'default route flushed as gateway': () => flushedGateway('flushgateway'),
  'default route flushed with all routes': () => flushedGateway('flushroutes'),
  'default route by route-override': addedGateway,
  'misspelt plugin type in a chain': misspelt,
  'multicast address as MAC': multicastMac,
};
