import { describe, expect, it } from 'vitest';
import { eni, eth0, node, pod, world } from '../../../e2e/testing/findings';
import type { EniAddress } from '../../model/records';
import { lookup } from './lookup';

const A = 'eni-0000000000000000a';

describe('an address that ipamd views differently', () => {
  it('names ipamd’s view of an address that no known pod holds', () => {
    const believed = { addresses: 9, assigned: 1, unheldBy: [], taken: [], extra: [] };
    const answers = world([
      node(),
      eni(A, {
        addresses: [
          { ip: '10.0.0.31', state: 'assigned', interface: null },
          { ip: '10.0.0.32', state: 'unclaimed', interface: null },
        ],
        ipamd: { ...believed, known: true, unheld: ['10.0.0.31'], missing: ['10.0.0.32'] },
      }),
    ]);
    expect(lookup(answers, '10.0.0.31').hits[0]?.text).toContain('held by ipamd for a pod that is gone, on');
    expect(lookup(answers, '10.0.0.32').hits[0]?.text).toContain('not known to ipamd, so for no pod, on');
  });

  // The names may also be left out because the viewer may not see these pods.
  it.each([
    ['names the pod that ipamd has it for', ['shop/other'], 'ipamd has it for shop/other'],
    ['does not state to whom ipamd has assigned it if no name is known', [], 'ipamd does not have it for this pod'],
  ])('that a pod holds %s', (_, unheldBy, said) => {
    const ipamd = { known: true, addresses: 9, assigned: 1, unheld: [], unheldBy, taken: ['10.0.0.21'] };
    const address = { ip: '10.0.0.21', state: 'assigned', interface: 'if:core/p1/eth0' } as const;
    const answers = world([
      node(),
      eni(A, { addresses: [address], ipamd: { ...ipamd, extra: [], missing: [] } }),
      pod('p1'),
      eth0(),
    ]);
    expect(lookup(answers, '10.0.0.21').hits[0]?.text).toContain(said);
  });
});

describe('an address in a prefix that is partly hidden from the visitor', () => {
  const said = (addresses: readonly EniAddress[]): string | undefined => {
    const prefixes = [{ cidr: '10.0.0.16/28', size: 16, assigned: addresses.length }];
    return lookup(world([node(), eni(A, { addresses, prefixes })]), '10.0.0.20').hits[0]?.text;
  };

  it('is reported neither as free nor as held', () => {
    expect(said([])).toContain('free inside prefix 10.0.0.16/28 of');
    expect(said([{ ip: 'hidden-1@10.0.0.16/28', state: 'assigned', interface: null }])).toContain(
      'inside prefix 10.0.0.16/28, not shown whether free, of',
    );
  });

  it('even if only ipamd’s list has it', () => {
    const told = (ip: string): string | undefined => {
      const assigned = [{ ip, pod: null, held: true }];
      const ipamdEnis = [{ id: 'eni-b', card: 0, ranges: ['10.0.0.16/28'], assigned }];
      return lookup(world([node({ ipamdEnis })]), '10.0.0.20').hits[0]?.text;
    };
    expect(told('10.0.0.21')).toContain('free on');
    expect(told('hidden-1@10.0.0.16/28')).toContain('not shown whether free, on');
  });
});
