/** What people post from the node itself: ipamd's checkpoint files, and instances without their ENIs' own answer. */
import { createHash } from 'node:crypto';
import { Cluster } from '../kit/cluster';
import { ago, type Node } from '../kit/node';
import { is, none, says, silentOn, type Situation } from './situation';

interface Given {
  readonly ip: string;
  readonly pod: string;
  readonly seconds?: number;
}

/** `/var/run/aws-node/ipam.json`, as ipamd writes it (pkg/ipamd/datastore, CheckpointData). */
function checkpoint(c: Cluster, node: Node, given: readonly Given[], card = 0): void {
  const allocations = given.map(({ ip, pod, seconds = 7200 }) => {
    const [k8sPodNamespace, k8sPodName] = pod.split('/');
    return {
      networkName: 'aws-cni',
      containerID: createHash('sha256').update(pod).digest('hex'),
      ifName: 'eth0',
      ipv4: ip,
      allocationTimestamp: Date.parse(ago(seconds)) * 1_000_000,
      metadata: { k8sPodNamespace, k8sPodName },
    };
  });
  c.extraFiles.push({
    path: `${node.name}/ipam${card === 0 ? '' : `-nic-${String(card)}`}.json`,
    text: JSON.stringify({ version: 'vpc-cni-ipam/1', allocations }),
  });
}

/** The DEL of two sandboxes never came: the addresses stay assigned, and only the file on the node says so. */
function ghostsInTheFile(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  const web = cluster.pod('shop/web', node, node.primary);
  const gone = [node.primary.add(), node.primary.add()];
  node.primary.free(6);
  checkpoint(cluster, node, [
    { ip: web.ip, pod: 'shop/web' },
    ...gone.map(({ ip }, at) => ({ ip, pod: `jobs/import-${String(at)}` })),
  ]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1204, #3109 (ipam.json keeps the address of a sandbox that is gone)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 3),
      is('nodes[name=n1].pools.0.available', 6),
      says('findings[rule=ipamd-view-differs]', gone[0]?.ip.replaceAll('.', '\\.') ?? ''),
      says('findings[rule=ipamd-view-differs]', 'jobs/import-0'),
      silentOn('findings[rule=ipamd-view-differs]', 'does not know this ENI|lacks'),
    ],
    sayings: [
      { command: 'lookup', words: gone[0]?.ip ?? '', says: /held by ipamd for a pod that is gone/, silentOn: /warm/ },
      { command: 'explain', words: 'node n1 ipamd', says: /2 addresses|10\.40/ },
    ],
  };
}

/** The interfaces on further cards are in no object of Kubernetes, but in the file of their card. */
function furtherCards(): Situation {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'c6in.32xlarge', maxPods: 110 });
  const annotations = { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' };
  const eth0 = cluster.pod('ai/wide', node, node.primary, { annotations });
  node.primary.free(20);
  const second = node.eni({ card: 1, dev: 0, by: 'ipamd' });
  const held = second.add();
  second.free(1);
  checkpoint(cluster, node, [{ ip: eth0.ip, pod: 'ai/wide' }]);
  checkpoint(cluster, node, [{ ip: held.ip, pod: 'ai/wide' }], 1);
  const veth = `eni${createHash('sha1').update('ai.wide.1').digest('hex').slice(0, 11)}`;
  return {
    source: 'aws/amazon-vpc-cni-k8s#3347 (a file per card: ipam-nic-1.json)',
    cluster,
    checks: [
      is('interfaces[id=if:ai/wide/mNicIf1].ips.0', held.ip),
      is('interfaces[id=if:ai/wide/mNicIf1].eni', second.id),
      is('nodes[name=n1].pools.1.assigned', 1),
      none('findings[rule=ipamd-view-differs]'),
    ],
    sayings: [
      { command: 'lookup', words: held.ip, says: /mNicIf1.*ai\/wide/ },
      { command: 'lookup', words: veth, says: /mNicIf1.*ai\/wide/ },
    ],
  };
}

/** The file of card 0 alone: of card 1 it says nothing. */
function oneFileOfTwo(): Situation {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'c6in.32xlarge', maxPods: 110 });
  const annotations = { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' };
  const eth0 = cluster.pod('ai/wide', node, node.primary, { annotations });
  node.primary.free(20);
  node.eni({ card: 1, dev: 0, by: 'ipamd' }).free(2);
  checkpoint(cluster, node, [{ ip: eth0.ip, pod: 'ai/wide' }]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3347',
    cluster,
    checks: [is('interfaces[id=if:ai/wide/mNicIf1].eni', null), none('findings[rule=ipamd-view-differs]')],
  };
}

/** ipamd came up with metadata that lacked the address, presumed the sandbox dead, and gives the address to the next pod. */
function forgottenByTheFile(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  const web = cluster.pod('shop/web', node, node.primary);
  const db = cluster.pod('shop/db', node, node.primary);
  node.primary.free(7);
  checkpoint(cluster, node, [{ ip: db.ip, pod: 'shop/db', seconds: 60 }]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1967 (presuming stale/dead), pkg/ipamd/datastore ReadBackingStore',
    cluster,
    checks: [
      says('findings[rule=ipamd-view-differs]', web.ip.replaceAll('.', '\\.')),
      says('findings[rule=ipamd-view-differs]', 'shop/web'),
      is('findings[rule=ipamd-view-differs].severity', 'error'),
    ],
  };
}

export const checkpoints: Readonly<Record<string, () => Situation>> = {
  'ghosts in the checkpoint': ghostsInTheFile,
  'checkpoint of every card': furtherCards,
  'checkpoint of one card of two': oneFileOfTwo,
  'pod missing in the checkpoint': forgottenByTheFile,
};
