/** The CNI names a pod's link on the host after the pod. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { node, pod, world } from '../../../e2e/testing/findings';
import { lookup } from './lookup';

const replica = world([node(), pod('p1'), pod('p2'), pod('h1', { hostNetwork: true })]);
const texts = (query: string): string[] =>
  lookup(replica, query).hits.map(({ path }) => path.map(({ text }) => text).join(' · '));

describe('a link on the host', () => {
  const digits = (pod: string) => createHash('sha1').update(`core.${pod}`).digest('hex').slice(0, 11);

  it.each(['p1', 'p2'])('eni%s names pod %s', (name) => {
    for (const text of [`eni${digits(name)}`, `cali${digits(name)}`, `vlan${digits(name)}@if3`])
      expect(texts(text)[0]).toBe(`${text} · link on the host of pod core/${name} · Running · node n1`);
  });

  it('is nobody’s where no pod has that name, and a pod of the host network has none', () => {
    expect(lookup(replica, 'eni00000000000').note).toMatch(/no known pod has that link/);
    expect(lookup(replica, `eni${digits('h1')}`).hits).toEqual([]);
  });
});
