/** Names that come again: a pod made anew elsewhere, an address handed on, a StatefulSet's old and new in two files of one capture. */
import { Cluster } from './kit/cluster';
import { ago } from './kit/node';
import { podObject } from './kit/pod';

export function recreated(): Cluster {
  const c = new Cluster();
  c.undecided.push('pool-low', 'warm-pool-waste');
  const s = c.subnet('10.60.0.0/20');
  const before = c.node('before', s);
  const after = c.node('after', s);
  before.primary.free(8);
  after.primary.free(8);

  // The older one of the same name was listed first, on another node.
  const old = before.primary.add();
  const now = after.primary.add();
  const place = (node: typeof before, ip: string) => ({
    namespace: 'shop',
    name: 'db-0',
    node: node.name,
    hostIp: node.primary.ip,
    ips: [ip],
    number: 900,
  });
  const older = podObject(place(before, old.ip), { uid: 'db-old', createdAt: '2026-08-31T20:00:00Z', deleting: true });
  const newer = podObject(place(after, now.ip), { uid: 'db-new', createdAt: '2026-09-01T11:00:00Z' });
  const list = (item: typeof older): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item] });
  c.extraFiles.push(
    { path: 'kubernetes/a-new.json', text: list(newer) },
    { path: 'kubernetes/z-old.json', text: list(older) },
  );
  now.holder = 'if:shop/db-0/eth0';
  c.expectLink(now.holder, after, { held: now, eni: after.primary, rule: 'secondary-ip' });
  c.expect('pods', 'pod:shop/db-0', { uid: 'db-new', node: 'node:after', deleting: false });

  // A finished Job's address is another pod's by now.
  const handed = c.pod('shop/reuses', before, before.primary);
  c.write('shop/job', before, [handed.ip], { phase: 'Succeeded' });
  // Deleting, and still there: it holds its address.
  const leaving = c.pod('shop/leaving', before, before.primary, { deleting: true });
  c.expect('pods', 'pod:shop/leaving', { deleting: true, ips: [leaving.ip] });
  // The same pods in a second file change nothing.
  c.object(c.objects[0] ?? null);
  c.expect('nodes', before.id, { createdAt: '2026-08-31T12:00:00Z' });
  if (ago(0) !== '2026-09-01T12:00:00Z') throw new Error(ago(0));
  return c;
}
