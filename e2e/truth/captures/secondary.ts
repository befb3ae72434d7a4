/** Secondary addresses: every rule of management, every target, cordon, cooldown from ipamd itself (vpc-cni §1.2, §2). */
import { Cluster } from './kit/cluster';
import { filled } from './kit/compare';

const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';

function startCapture() {
  const c = new Cluster();
  // A single capture shows no duration, and these ask for one.
  c.undecided.push('pool-low', 'warm-pool-waste');
  const s = c.subnet('10.1.0.0/20');
  const big = { type: 'm5.xlarge' };
  return { c, s, big };
}

type Capture = ReturnType<typeof startCapture>;

function tags({ c, s, big }: Capture): void {
  const n1 = c.node('tags-1', s, { ...big, primary: { tags: { [NO_MANAGE]: 'true' } } });
  c.finding('no-manage-on-primary', n1.primary.id);
  n1.primary.free(3);
  c.pod('shop/a1', n1, n1.primary);
  const n1own = n1.eni({ dev: 1, by: 'ipamd' }).free(2);
  c.pod('shop/a2', n1, n1own);
  const n1foreign = n1.eni({ dev: 2, description: 'by terraform' });
  c.finding('eni-will-be-adopted', n1foreign.id);
  n1.eni({ dev: 3, tags: { [NO_MANAGE]: 'true' } }).free(2);
  c.finding('max-pods-too-high', n1.id);

  const n2 = c.node('tags-2', s, { ...big, env: { MANAGE_UNTAGGED_ENI: 'false' } });
  c.pod('shop/b1', n2, n2.primary);
  n2.eni({ dev: 1 }).free(1);
  const n2no = n2.eni({ dev: 2, tags: { [NO_MANAGE]: 'false' } }).free(4);
  c.pod('shop/b2', n2, n2no);
  n2.eni({ dev: 3, tagged: 'i-0ffffffffffffffff' });
  c.finding('max-pods-too-high', n2.id);

  const n3 = c.node('tags-3', s, { ...big, env: { MANAGE_UNTAGGED_ENI: 'junk' } });
  const typos = [
    n3.eni({ dev: 1, tags: { [NO_MANAGE]: 'True' } }),
    n3.eni({ dev: 2, tags: { [NO_MANAGE]: ' true' } }),
    n3.eni({ dev: 3, tags: { 'node.k8s.amazonaws.com/No_Manage': 'yes' } }),
  ];
  for (const { id } of typos) {
    c.finding('no-manage-bad-value', id);
    c.finding('eni-will-be-adopted', id);
  }

  const n4 = c.node('tags-4', s, { ...big, metrics: false });
  const late = n4.eni({ dev: 1, tagged: 'self', tags: { [NO_MANAGE]: 'true' } }).free(2);
  c.pod('shop/d1', n4, late);
  c.finding('no-manage-late', late.id);
  c.pod('shop/d2', n4, n4.primary);

  c.finding('max-pods-too-high', n4.id);

  const n5 = c.node('tags-5', s, big);
  const adopted = n5.eni({ dev: 1, tagged: 'self', description: 'Multus ENI 1' }).free(3);
  c.finding('eni-adopted', adopted.id);
  c.pod('shop/e1', n5, adopted);

  const n6 = c.node('imds-6', s, { ...big, env: { ENABLE_IMDS_ONLY_MODE: 'T' } });
  n6.eni({ dev: 1, tags: { [NO_MANAGE]: 'true' } }).free(3);
  c.pod('shop/f1', n6, n6.primary);
}

function targets({ c, s }: Capture): void {
  const n7 = c.node('full-7', s, { type: 't3.medium', env: { MAX_ENI: '2' }, maxPods: 17 });
  const n7second = n7.eni({ dev: 1, by: 'ipamd' });
  for (let at = 0; at < 5; at += 1) {
    c.pod(`shop/g${String(at)}`, n7, n7.primary);
    c.pod(`shop/gg${String(at)}`, n7, n7second);
  }
  c.finding('node-addresses-full', n7.id);
  c.finding('max-pods-too-high', n7.id);
  c.expect('nodes', n7.id, { headroom: { pods: 0, limitedBy: 'slots' } });

  const n8 = c.node('targets-8', s, { env: { WARM_ENI_TARGET: '0' } });
  n8.primary.free(1);
  c.pod('shop/h1', n8, n8.primary);
  c.expect('nodes', n8.id, { cni: { warmEniTarget: 0, cooldownSeconds: 30, maxEni: null } });

  const n9 = c.node('targets-9', s, { env: { WARM_IP_TARGET: '3', MINIMUM_IP_TARGET: '12' } });
  n9.primary.free(2);
  for (let at = 0; at < 5; at += 1) c.pod(`shop/i${String(at)}`, n9, n9.primary);

  const n10 = c.node('targets-10', s, { env: { MINIMUM_IP_TARGET: '4', WARM_IP_TARGET: '-3' } });
  n10.primary.free(5);
  c.pod('shop/j1', n10, n10.primary);

  const n11 = c.node('targets-11', s, { env: { WARM_ENI_TARGET: '-2', WARM_IP_TARGET: 'abc' } });
  n11.primary.free(9);
  const n11b = n11.eni({ dev: 1, by: 'ipamd' }).free(8);
  c.pod('shop/k1', n11, n11b);

  const n12 = c.node('cordon-12', s, { cordoned: true, env: { WARM_IP_TARGET: '5' } });
  n12.primary.free(1);
  c.pod('shop/l1', n12, n12.primary);
  c.expect('nodes', n12.id, { unschedulable: true });

  const n13 = c.node('cooling-13', s, { enisJson: 'per-card', env: { IP_COOLDOWN_PERIOD: '60' } });
  n13.primary.free(2);
  n13.primary.add().freedSecondsAgo = 45;
  n13.primary.add().freedSecondsAgo = 75;
  c.pod('shop/m1', n13, n13.primary);

  const n14 = c.node('xen-14', s, { type: 'm4.large', env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  n14.primary.free(4);
  c.pod('shop/n1', n14, n14.primary);

  const n15 = c.node('enough-15', s, { maxPods: 8 });
  n15.primary.free(3);
  for (let at = 0; at < 6; at += 1) c.pod(`shop/o${String(at)}`, n15, n15.primary);
  c.expect('nodes', n15.id, { headroom: { pods: 0, limitedBy: 'max-pods' } });

  const n16 = c.node('old-16', s, { version: 'v1.19.2', enisJson: 'old', env: { IP_COOLDOWN_PERIOD: '0' } });
  n16.primary.free(1);
  n16.primary.add().freedSecondsAgo = 5;
  c.pod('shop/p1', n16, n16.primary);

  // A finished pod still names its address; nobody holds it.
  c.pod('shop/done', n8, n8.primary, { phase: 'Succeeded' });
  c.pod('shop/died', n8, n8.primary, { phase: 'Failed' });
  c.write('shop/host', n8, [], { hostNetwork: true });
  c.waiting('shop/new', n8, { createdAt: '2026-09-01T11:59:00Z' });
  c.write('shop/unscheduled', null, [], { phase: 'Pending' });
  c.expect('pods', 'pod:shop/unscheduled', { node: null, ips: [] });
  c.expect('enis', n12.primary.id, { role: 'primary' });
  c.expect('pods', 'pod:shop/host', { hostNetwork: true, ips: filled });
}

export function secondary(): Cluster {
  const capture = startCapture();
  tags(capture);
  targets(capture);
  return capture.c;
}
