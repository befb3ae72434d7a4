import { describe, expect, it } from 'vitest';
import { eni } from '../../e2e/testing/findings';
import { threeViews } from './three-views';

const believed = {
  known: true,
  addresses: 3,
  assigned: 2,
  unheld: ['10.0.1.6'],
  unheldBy: [],
  taken: [],
  missing: ['10.0.1.9'],
  extra: [],
};

describe('an ENI according to EC2, ipamd and pods', () => {
  it('single addresses', () => {
    const record = eni('eni-p', {
      addresses: [
        { ip: '10.0.1.4', state: 'primary', interface: null },
        { ip: '10.0.1.5', state: 'assigned', interface: 'if:a/b/eth0' },
        { ip: '10.0.1.6', state: 'assigned', interface: null },
        { ip: '10.0.1.7', state: 'warm', interface: null },
        { ip: '10.0.1.9', state: 'unclaimed', interface: null },
      ],
    });
    expect(threeViews(record, believed)).toEqual({
      inEc2: '4 addresses',
      inIpamd: '3 addresses, 2 assigned',
      heldByPods: '1 address',
      differences: [
        ['Held for pods that are gone', '10.0.1.6'],
        ['Only in EC2', '10.0.1.9'],
      ],
    });
  });

  it('counts hidden addresses as those of pods, except ipamd’s for deleted pods', () => {
    const hidden = (number: number) => ({ ip: `hidden-${number}`, state: 'assigned' as const, interface: null });
    const record = eni('eni-p', {
      addresses: [hidden(1), hidden(2), hidden(3), { ...hidden(4), state: 'warm' }],
      ipamd: { ...believed, unheld: ['hidden-1'] },
    });
    expect(threeViews(record, believed).heldByPods).toBe('2 addresses');
  });

  it('prefixes, by metrics, and an ENI unknown to ipamd', () => {
    const record = eni('eni-p', {
      prefixes: [
        { cidr: '10.0.1.16/28', size: 16, assigned: 0 },
        { cidr: '2001:db8::/80', size: null, assigned: 0 },
      ],
    });
    expect(threeViews(record, { ...believed, addresses: null, unheld: [], missing: [] })).toMatchObject({
      inEc2: '1 prefix, 16 addresses',
      inIpamd: '2 assigned',
      differences: [],
    });
    expect(threeViews(record, { ...believed, known: false }).inIpamd).toBe('ENI not listed');
  });
});
