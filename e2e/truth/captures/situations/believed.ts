/** What ipamd holds, where its list and what EC2 and the pods tell are of different makes: old forms, several cards, names that came back. */
import { Cluster } from '../kit/cluster';
import type { Held } from '../kit/eni';
import { ago, type Node } from '../kit/node';
import type { Json } from '../kit/types';
import { ipamdHas } from './ipamd-list';
import { fill, found, is, NO_ADDRESS, none, OLD, refused, says, silentOn, type Situation } from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

function listOf(c: Cluster, node: Node, list: Json): void {
  c.extraFiles.push({ path: `aws-node/${node.name}.enis.json`, text: JSON.stringify(list) });
}

/** A StatefulSet's pod has the name of the one before it, whose sandbox ipamd still serves. */
function heirOfTheName(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false });
  fill(cluster, node, node.primary, 2);
  const before = node.primary.add();
  before.holder = 'if:kafka/kafka-0/eth0';
  cluster.pod('kafka/kafka-0', node, node.primary, { owner: { kind: 'StatefulSet', name: 'kafka' } });
  node.primary.free(5);
  ipamdHas(cluster, node, [{ eni: node.primary, addresses: node.primary.addresses }]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3109, #1939 (StatefulSets; AddressInfo.Assigned)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 4),
      is('nodes[name=n1].pools.0.available', 5),
      is(`enis[id=${node.primary.id}].ipamd.unheld`, [before.ip]),
      says('findings[rule=ipamd-view-differs]', before.ip.replaceAll('.', '\\.')),
    ],
    sayings: [
      { command: 'lookup', words: before.ip, says: /ipamd/, silentOn: /warm|free/ },
      { command: 'explain', words: 'pod kafka/kafka-0 who', silentOn: new RegExp(before.ip) },
    ],
  };
}

/** ipamd has a live pod's address for a pod that is gone: it will hand it out again. */
function heldForAnother(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false });
  fill(cluster, node, node.primary, 2);
  const held = cluster.pod('shop/new', node, node.primary);
  node.primary.free(6);
  const believed: Held[] = node.primary.addresses.map((one) =>
    one === held ? { ...one, holder: 'if:shop/old/eth0' } : one,
  );
  ipamdHas(cluster, node, [{ eni: node.primary, addresses: believed }]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3019, #2352 (pod IP and datastore disagree)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 3),
      says('findings[rule=ipamd-view-differs]', 'shop/old'),
      says('findings[rule=ipamd-view-differs]', 'shop/new'),
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: /shop\/old/ }],
  };
}

/** An address that ipamd holds for nobody on a further card. */
function ghostOnACard(): Situation {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'c6in.32xlarge',
    maxPods: 110,
    enisJson: 'per-card',
    metrics: false,
  });
  fill(cluster, node, node.primary, 3);
  node.primary.free(46);
  node.eni({ dev: 1, by: 'ipamd' }).free(49);
  const second = node.eni({ card: 1, dev: 0, by: 'ipamd' });
  const ghost = second.add();
  ghost.hidden = true;
  second.free(1);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3109, PR #3347 (one datastore for each card)',
    cluster,
    checks: [
      is('nodes[name=n1].pools[card=1].assigned', 1),
      is('nodes[name=n1].pools[card=1].available', 1),
      is('nodes[name=n1].pools[card=0].assigned', 3),
    ],
    sayings: [{ command: 'lookup', words: ghost.ip, says: /ipamd/, silentOn: /warm/ }],
  };
}

/** The list as v1.5 to v1.8 print it: each address says of itself whether it is assigned, or by which key. */
function listOfOld(form: 'v1.5' | 'v1.8'): Situation {
  const version = form === 'v1.5' ? 'v1.5.7' : 'v1.8.0';
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false, version });
  fill(cluster, node, node.primary, 4);
  const ghosts = [node.primary.add(), node.primary.add()];
  node.primary.free(3);
  const never = '0001-01-01T00:00:00Z';
  const addresses = Object.fromEntries(
    node.primary.addresses.map((held) => {
      const assigned = held.holder !== null || ghosts.includes(held);
      return [
        held.ip,
        form === 'v1.5'
          ? { Address: held.ip, Assigned: assigned, UnassignedTime: never }
          : {
              Address: held.ip,
              IPAMKey: assigned
                ? { networkName: 'aws-cni', containerID: 'f'.repeat(64), ifName: 'eth0' }
                : { networkName: '', containerID: '', ifName: '' },
              UnassignedTime: never,
            },
      ];
    }),
  );
  const eni = {
    ...(form === 'v1.5' ? { AssignedIPv4Addresses: 6 } : {}),
    createTime: ago(90_000),
    ID: node.primary.id,
    IsPrimary: true,
    DeviceNumber: 0,
    IPv4Addresses: addresses,
  };
  listOf(cluster, node, {
    TotalIPs: 9,
    AssignedIPs: 6,
    [form === 'v1.5' ? 'ENIIPPools' : 'ENIs']: { [node.primary.id]: eni },
  });
  return {
    source: `aws/amazon-vpc-cni-k8s docs/troubleshooting.md, #59, #1204 (/v1/enis of ${version})`,
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 6),
      is('nodes[name=n1].pools.0.available', 3),
      is(
        `enis[id=${node.primary.id}].ipamd.unheld`,
        ghosts.map(({ ip }) => ip),
      ),
      found('findings[rule=ipamd-view-differs]'),
    ],
  };
}

/** Sandboxes that are gone in an IPv6 cluster: a /80 does not get full of them. */
function ghostsInIpv6(): Situation {
  const cluster = new Cluster({
    env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' },
  });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:1::/64' }), {
    metrics: false,
  });
  const prefix = node.primary.prefix('2a05:d018:1::1:0/80');
  for (let at = 0; at < 4; at += 1) cluster.write(`shop/v6-${String(at)}`, node, [node.primary.fromPrefix().ip]);
  const entry = (ip: string, name: string): Json => ({
    Address: ip,
    IPAMKey: { networkName: 'aws-cni', containerID: '', ifName: '' },
    IPAMMetadata: { k8sPodNamespace: 'shop', k8sPodName: name },
    AssignedTime: ago(3600),
    UnassignedTime: '0001-01-01T00:00:00Z',
  });
  const addresses = [
    ...prefix.held.map(({ ip }, at) => [ip, entry(ip, `v6-${String(at)}`)] as const),
    ...[8, 9].map((last) => {
      const ip = `2a05:d018:1::1:0:${String(last)}`;
      return [ip, entry(ip, `gone-${String(last)}`)] as const;
    }),
  ];
  listOf(cluster, node, {
    '0': {
      TotalIPs: 281474976710656,
      AssignedIPs: 6,
      ENIs: {
        [node.primary.id]: {
          ID: node.primary.id,
          IsPrimary: true,
          IsTrunk: false,
          IsEFA: false,
          DeviceNumber: 0,
          AvailableIPv4Cidrs: {},
          IPv6Cidrs: {
            '2a05:d018:1::1:0/80': {
              Cidr: { IP: '2a05:d018:1::1:0', Mask: '/////////////wAAAAAAAA==' },
              IPAddresses: Object.fromEntries(addresses),
              IsPrefix: true,
              AddressFamily: '',
            },
          },
        },
      },
    },
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s#2338, #3109 (IPv6: one /80 for each node)',
    cluster,
    checks: [...quiet, is('nodes[name=n1].pools', []), silentOn('findings', '(?i)no pod gets|used up|until aws-node')],
    sayings: [{ command: 'lookup', words: 'shop/v6-1', says: /2a05/ }],
  };
}

/** ipamd says itself that it hands out nothing from an ENI; the subnets, whose tag is the reason, were not asked for. */
function excludedByIpamd(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  const node = cluster.node('n1', own, { metrics: false });
  node.primary.free(2);
  const second = node.eni({ dev: 1, by: 'ipamd' }, pods);
  fill(cluster, node, second, 3);
  second.free(6);
  cluster.extraFiles.push({
    path: 'ec2/enis.json',
    text: JSON.stringify({ NetworkInterfaces: node.enis.map((eni) => eni.toEc2()) }),
  });
  const cidrs = (list: readonly Held[]): Json =>
    Object.fromEntries(
      list.map(({ ip, holder }) => [
        `${ip}/32`,
        {
          Cidr: { IP: ip, Mask: '/////w==' },
          IPAddresses:
            holder === null
              ? {}
              : {
                  [ip]: {
                    Address: ip,
                    IPAMKey: { networkName: 'aws-cni', containerID: '', ifName: '' },
                    IPAMMetadata: { k8sPodNamespace: 'shop', k8sPodName: holder.split('/')[1] ?? '' },
                    AssignedTime: ago(3600),
                    UnassignedTime: '0001-01-01T00:00:00Z',
                  },
                },
          IsPrefix: false,
          AddressFamily: '',
        },
      ]),
    );
  const eni = (one: typeof second, excluded: boolean): Json => ({
    ID: one.id,
    IsPrimary: one === node.primary,
    IsTrunk: false,
    IsEFA: false,
    DeviceNumber: one.dev,
    AvailableIPv4Cidrs: cidrs(one.addresses),
    IPv6Cidrs: {},
    IsExcludedForPodIPs: excluded,
    RouteTableID: one.dev + 1,
    SubnetID: one.subnet.id,
  });
  listOf(cluster, node, {
    '0': {
      TotalIPs: 11,
      AssignedIPs: 3,
      ENIs: { [node.primary.id]: eni(node.primary, true), [second.id]: eni(second, false) },
    },
  });
  const [spare] = node.primary.addresses;
  return {
    source: 'aws/amazon-vpc-cni-k8s#3067, PR #3380 (IsExcludedForPodIPs in GetIPStats)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 9),
      is('nodes[name=n1].pools.0.assigned', 3),
      is('nodes[name=n1].pools.0.available', 6),
      is(`enis[id=${node.primary.id}].addresses[ip=${spare?.ip ?? ''}].state`, 'excluded'),
    ],
    sayings: [{ command: 'lookup', words: spare?.ip ?? '', silentOn: /warm/ }],
  };
}

/** ipamd counts what a finished Job's pods held until the kubelet takes their sandboxes down. */
function finishedJobHeld(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false, type: 't3.small' });
  const jobs: Held[] = [];
  for (let at = 0; at < 2; at += 1) {
    const held = cluster.pod(`batch/job-${String(at)}`, node, node.primary, {
      phase: 'Succeeded',
      owner: { kind: 'Job', name: 'job' },
    });
    held.holder = `if:batch/job-${String(at)}/eth0`;
    jobs.push(held);
  }
  cluster.pod('shop/web', node, node.primary);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 3);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  ipamdHas(
    cluster,
    node,
    node.enis.map((eni) => ({ eni, addresses: eni.addresses })),
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#294, #3109 (completed Jobs and addresses)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 9),
      is('nodes[name=n1].pools.0.available', 0),
      is('nodes[name=n1].headroom.pods', 0),
      says('findings[subjects~pod:shop/late]', 'ipamd holds 2 addresses'),
      says('findings[rule=ipamd-view-differs]', 'batch/job-0, batch/job-1\\.'),
    ],
    sayings: [{ command: 'lookup', words: jobs[0]?.ip ?? '', says: /job-0/ }],
  };
}

export const believed: Readonly<Record<string, () => Situation>> = {
  'new pod with the name of an earlier one': heirOfTheName,
  'address that ipamd has for another pod': heldForAnother,
  'ghost on another card': ghostOnACard,
  'list of v1.5': () => listOfOld('v1.5'),
  'list of v1.8': () => listOfOld('v1.8'),
  'ghosts in an IPv6 cluster': ghostsInIpv6,
  'ENI that ipamd itself excludes': excludedByIpamd,
  'finished Jobs that ipamd still serves': finishedJobHeld,
};
