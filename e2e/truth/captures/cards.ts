/** Many network cards: which are managed, what mNicIfN hangs on, with ipamd's own data and without (vpc-cni §1.2, §3, §4.2). */
import { Cluster } from './kit/cluster';
import { keyed, oneOf } from './kit/compare';
import type { Eni } from './kit/eni';
import type { Node } from './kit/node';
import { STATUS } from './kit/pod';
import type { Fields } from './kit/types';

const MULTI = { annotations: { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' } };

export function cards(): Cluster {
  const c = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' } });
  c.undecided.push('pool-low', 'warm-pool-waste', 'interfaces-share-card');
  const s = c.subnet('10.12.0.0/18');
  const mnic = (key: string, index: number, node: Node, more: Fields): void => {
    c.interfaces[`if:${key}/mNicIf${String(index)}`] = {
      pod: `pod:${key}`,
      node: node.id,
      network: 'cluster',
      ...more,
    };
  };

  // Card 2 has an EFA-only device and nothing else, card 3 one beside an ENA: mNicIf2 is on card 3.
  const four = (name: string, enisJson: 'per-card' | 'none'): [Node, Eni, Eni] => {
    const node = c.node(name, s, { type: 'p4d.24xlarge', enisJson });
    node.primary.free(20);
    const one = node.eni({ card: 1, by: 'ipamd' }).free(1);
    node.eni({ card: 2, type: 'efa-only', description: 'efa' });
    const three = node.eni({ card: 3, by: 'ipamd' });
    node.eni({ card: 3, dev: 1, type: 'efa-only', description: 'efa' });
    c.finding('metrics-untrusted', node.id);
    return [node, one, three];
  };

  const [known, k1, k3] = four('known', 'per-card');
  c.pod('ml/seen', known, known.primary, MULTI);
  for (const [index, eni] of [k1, k3].entries()) {
    const held = eni.add();
    const name = `mNicIf${String(index + 1)}`;
    held.holder = `if:ml/seen/${name}`;
    mnic('ml/seen', index + 1, known, {
      ips: [held.ip],
      eni: eni.id,
      card: eni.card,
      state: 'expected',
      link: { rule: 'ipamd', certainty: 'observed' },
    });
  }

  const [blind, b1, b3] = four('blind', 'none');
  c.pod('ml/blind', blind, blind.primary, MULTI);
  for (const [index, eni] of [b1, b3].entries()) {
    eni.add().hidden = true;
    mnic('ml/blind', index + 1, blind, { ips: [], eni: oneOf(null, eni.id), state: 'expected' });
    // Which of the free addresses it is, nobody says; that one is taken, ipamd's figures say.
    c.expect('enis', eni.id, { addresses: keyed('ip', { [eni.ip ?? '']: { state: 'primary' } }, false) });
  }
  // Another value of the annotation gives one interface, and the pod's author should know.
  c.pod('ml/other-value', blind, blind.primary, { annotations: { 'k8s.amazonaws.com/nicConfig': 'multi' } });
  c.finding('multi-nic-no-effect', 'pod:ml/other-value');
  // Card 0 had nothing left, once: an address of card 1 without any annotation.
  c.pod('ml/overflow', blind, b1);

  // Two cards, Multus in between: what it lists is reported, and its addresses are on the ENI.
  const two = c.node('two', s, { type: 'c6in.32xlarge' });
  c.finding('metrics-untrusted', two.id);
  two.primary.free(49 - 2);
  const second = two.eni({ card: 1, by: 'ipamd' }).free(2);
  const zero = two.primary.add();
  zero.holder = 'if:ml/listed/eth0';
  const listed = second.add();
  listed.holder = 'if:ml/listed/mNicIf1';
  c.write('ml/listed', two, [zero.ip], {
    annotations: {
      ...MULTI.annotations,
      [STATUS]: JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: [zero.ip], mac: '254', default: true, dns: {} },
        { name: 'aws-cni', interface: 'mNicIf1', ips: [listed.ip], mac: '10100', dns: {} },
        { name: 'aws-cni', interface: 'dummyaaaaaaaaaaa', mac: '0', dns: {} },
      ]),
    },
  });
  c.expectLink(zero.holder, two, { held: zero, eni: two.primary, rule: 'secondary-ip' });
  c.expectLink(listed.holder, two, { held: listed, eni: second, rule: 'secondary-ip' });
  // Cards without a device are managed and empty; the third ENI of a card would not fit.
  const many = c.node('many', s, { type: 'p5.48xlarge', env: { MAX_ENI: '1' } });
  many.primary.free(3);
  many.eni({ card: 1, by: 'ipamd' }).free(1);
  c.finding('metrics-untrusted', many.id);
  c.finding('max-pods-too-high', many.id);

  // Off on these two: card 1 is out of sight whatever its tags, and an annotated pod never starts.
  const off = c.node('off', s, { type: 'c6in.32xlarge', env: { ENABLE_MULTI_NIC: 'false' } });
  off.primary.free(10);
  off.eni({ card: 1, by: 'ipamd' }).free(3);
  off.eni({ card: 1, dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'false' } });
  off.eni({ card: 1, dev: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  off.eni({ dev: 1, type: 'efa', tagged: 'self', by: 'ipamd' }).free(4);
  off.eni({ dev: 2, type: 'efa-only' });
  // An EFA-only device takes a slot of card 0 and gives no address.
  c.finding('max-pods-too-high', off.id);
  c.waiting('ml/never', off, MULTI);
  c.finding('multi-nic-no-effect', 'pod:ml/never');
  const single = c.node('single', s, { type: 'm5.large' });
  single.primary.free(8);
  c.pod('ml/one-card', single, single.primary, MULTI);
  c.finding('multi-nic-no-effect', 'pod:ml/one-card');
  return c;
}
