/** The CNI derives the name of a pod's host-side link from the pod. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eni, face, node, pod, world } from '../../../e2e/testing/findings';
import { lookup } from './lookup';

const NIC_CONFIG = { nicConfig: 'multi-nic-attachment' };
const replica = world([
  node(),
  pod('p1'),
  pod('p2'),
  pod('h1', { hostNetwork: true }),
  pod('m1', NIC_CONFIG),
  face('mNicIf1', { podName: 'm1', ips: ['10.0.1.9'], requestIndex: null }),
  pod('m2', NIC_CONFIG),
]);
const texts = (query: string): string[] =>
  lookup(replica, query).hits.map(({ path }) => path.map(({ text }) => text).join(' · '));

describe('a link on the host', () => {
  const digits = (pod: string) => createHash('sha1').update(`core.${pod}`).digest('hex').slice(0, 11);

  it.each(['p1', 'p2'])('eni%s belongs to pod %s', (name) => {
    for (const text of [`eni${digits(name)}`, `cali${digits(name)}`, `vlan${digits(name)}@if3`, `dummy${digits(name)}`])
      expect(texts(text)[0]).toBe(`${text} · link on the host of pod core/${name} · Running · node n1`);
  });

  it('of an additional card of a multi-NIC pod names the interface', () => {
    const text = `eni${digits('m1.1')}`;
    expect(texts(text)).toEqual([expect.stringMatching(/^eni\w+ · link on the host · .*mNicIf1.* · pod core\/m1/)]);
    expect(texts(`eni${digits('m1')}`)[0]).toMatch(/link on the host of pod core\/m1/);
  });

  it('of an additional card with an unknown interface names the pod', () => {
    expect(texts(`eni${digits('m2.2')}`)[0]).toMatch(/link on the host of mNicIf2 of pod core\/m2/);
  });

  it('of a branch ENI is named after its VLAN, which is unique per trunk', () => {
    const branch = (id: string, on: string, vlan: number) =>
      eni(id, { role: 'branch', card: null, deviceIndex: null, trunk: `${id}-trunk`, node: `node:${on}`, vlan });
    const branches = world([
      node(),
      pod('p1'),
      face('eth0', { eni: 'eni-b1' }),
      branch('eni-b1', 'n1', 7),
      branch('eni-b2', 'n2', 7),
      branch('eni-b3', 'n2', 8),
    ]);
    const said = lookup(branches, 'vlan.eth.7@if4').hits.map(({ text }) => text);
    expect(said).toEqual([
      expect.stringMatching(/^vlan\.eth\.7@if4 · link on the host · eth0 · pod core\/p1 .*n1/),
      expect.stringMatching(/^vlan\.eth\.7@if4 · link on the host · eni-b2 \(branch\) .*VLAN 7 .*n2/),
    ]);
    expect(lookup(branches, 'vlan.eth.9').note).toMatch(/no known branch ENI has that VLAN/);
  });

  it('has no owner without a pod of that name; a pod on the host network has no link', () => {
    expect(lookup(replica, 'eni00000000000').note).toMatch(/no known pod has that link/);
    expect(lookup(replica, `eni${digits('h1')}`).hits).toEqual([]);
    // No pod requests an interface on every card.
    expect(lookup(replica, `eni${digits('p1.1')}`).hits).toEqual([]);
  });
});
