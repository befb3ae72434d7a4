import { describe, expect, it } from 'vitest';
import type { PodFact } from '../../model/facts';
import { entry, pod, selection } from '../../../e2e/testing/facts';
import { interfaceDrafts } from './interface-drafts';

const run = (more: Partial<PodFact>, cards = 1) => interfaceDrafts(pod('a', more), cards);
const brief = (more: Partial<PodFact>, cards = 1) =>
  run(more, cards).map((draft) => [
    draft.id.slice('if:default/a/'.length),
    draft.network,
    draft.state,
    draft.ips.join(' '),
  ]);

const IPS = ['10.0.0.5'];

/** The traps of multus §0 and §1.5–1.6. */
const CASES: readonly (readonly [what: string, pod: Partial<PodFact>, wanted: readonly (readonly string[])[]])[] = [
  ['a plain pod', { ips: IPS }, [['eth0', 'cluster', 'reported', '10.0.0.5']]],
  ['no address yet', { phase: 'Pending' }, [['eth0', 'cluster', 'requested', '']]],
  ['on the host network', { ips: IPS, hostNetwork: true }, []],
  ['not scheduled', { node: null }, []],
  ['Succeeded, status still there', { ips: IPS, phase: 'Succeeded', reported: [entry('aws-cni', { ips: IPS })] }, []],
  ['Failed', { ips: IPS, phase: 'Failed' }, []],
  ['dual stack', { ips: ['10.0.0.5', 'fd00::5'] }, [['eth0', 'cluster', 'reported', '10.0.0.5 fd00::5']]],
  [
    'aws-cni as Multus 4.0 writes it: only the bookkeeping interface',
    { ips: IPS, reported: [entry('aws-cni', { interface: 'dummy0123456789a', ips: IPS, default: true, rawMac: '0' })] },
    [['eth0', 'cluster', 'reported', '10.0.0.5']],
  ],
  [
    'aws-cni as Multus 4.1 writes it: eth0, and a bookkeeping interface without addresses',
    {
      ips: IPS,
      reported: [
        entry('aws-cni', { interface: 'eth0', ips: IPS, default: true, rawMac: '254' }),
        entry('aws-cni', { index: 1, interface: 'dummy0123456789a', rawMac: '0' }),
      ],
    },
    [['eth0', 'cluster', 'reported', '10.0.0.5']],
  ],
  [
    'addresses come from the entry while pod status has none',
    { phase: 'Pending', reported: [entry('aws-cni', { interface: 'dummy0', ips: IPS, default: true })] },
    [['eth0', 'cluster', 'reported', '10.0.0.5']],
  ],
  [
    'calico lists only its host side: an entry without an interface',
    { ips: IPS, reported: [entry('k8s-pod-network', { default: true, ips: IPS })] },
    [['eth0', 'cluster', 'reported', '10.0.0.5']],
  ],
  [
    'a default entry without a name',
    { ips: IPS, reported: [entry('', { interface: 'eth0', default: true, ips: IPS })] },
    [['eth0', 'cluster', 'reported', '10.0.0.5']],
  ],
  [
    'multi-NIC interfaces as entries of the cluster network',
    {
      ips: IPS,
      reported: [
        entry('aws-cni', { interface: 'eth0', ips: IPS, default: true }),
        entry('aws-cni', { index: 1, interface: 'mNicIf1', ips: ['10.0.1.7'] }),
      ],
    },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['mNicIf1', 'cluster', 'reported', '10.0.1.7'],
    ],
  ],
  [
    'every sandbox interface is default (Multus 4.1.0)',
    {
      ips: IPS,
      reported: [
        entry('ovn', { interface: 'ovn-udn1', ips: ['10.9.0.1'], default: true }),
        entry('ovn', { index: 1, interface: 'eth0', ips: IPS, default: true }),
      ],
    },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['ovn-udn1', 'cluster', 'reported', '10.9.0.1'],
    ],
  ],
  [
    'no entry is default, and names repeat',
    {
      ips: IPS,
      reported: [
        entry('ovn-kubernetes', { interface: 'eth0', ips: IPS }),
        entry('ovn-kubernetes', { index: 1, interface: 'ovn-udn1', ips: ['10.9.0.1'] }),
      ],
    },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['ovn-udn1', 'cluster', 'reported', '10.9.0.1'],
    ],
  ],
  [
    'one request answered, one missing: it has the name that Multus would assign',
    {
      ips: IPS,
      requested: [selection('x'), selection('y', { index: 1 })],
      reported: [entry('default/x', { index: 1, interface: 'net1', ips: ['10.1.0.1'] })],
    },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['net1', 'net:default/x', 'reported', '10.1.0.1'],
      ['net2', 'net:default/y', 'requested', ''],
    ],
  ],
  [
    'an explicit name still consumes a number',
    { ips: IPS, requested: [selection('x', { interface: 'foo' }), selection('y', { index: 1 })] },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['foo', 'net:default/x', 'requested', ''],
      ['net2', 'net:default/y', 'requested', ''],
    ],
  ],
  [
    'one network twice: entries by interface, not by network',
    {
      ips: IPS,
      requested: [selection('x'), selection('x', { index: 1 })],
      reported: [
        entry('default/x', { index: 1, interface: 'net2', ips: ['10.1.0.2'] }),
        entry('default/x', { index: 2, interface: 'net1', ips: ['10.1.0.1'] }),
      ],
    },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['net2', 'net:default/x', 'reported', '10.1.0.2'],
      ['net1', 'net:default/x', 'reported', '10.1.0.1'],
    ],
  ],
  [
    'a network that was not requested',
    { ips: IPS, reported: [entry('ops/mgmt', { interface: 'net1', ips: ['10.1.0.1'] })] },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['net1', 'net:ops/mgmt', 'unrequested', '10.1.0.1'],
    ],
  ],
  [
    'entries without an interface are named by position, repeated names by a number',
    {
      ips: IPS,
      requested: [selection('x')],
      reported: [
        entry('default/x', { index: 3, ips: ['10.1.0.1'] }),
        entry('ops/a', { index: 4, interface: 'net1' }),
        entry('ops/b', { index: 5, interface: 'net1' }),
      ],
    },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['~3', 'net:default/x', 'reported', '10.1.0.1'],
      ['net1', 'net:ops/a', 'unrequested', ''],
      ['net1~2', 'net:ops/b', 'unrequested', ''],
    ],
  ],
  [
    'a plugin may create several interfaces for one request, named after it',
    {
      ips: IPS,
      requested: [selection('x')],
      reported: [
        entry('default/x', { index: 1, interface: 'net1-0', ips: ['10.1.0.1'] }),
        entry('default/x', { index: 2, interface: 'net1-1', ips: ['10.2.0.1'] }),
        entry('default/x', { index: 3, interface: 'net10', ips: ['10.3.0.1'] }),
      ],
    },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['net1-0', 'net:default/x', 'reported', '10.1.0.1'],
      ['net1-1', 'net:default/x', 'reported', '10.2.0.1'],
      ['net10', 'net:default/x', 'unrequested', '10.3.0.1'],
    ],
  ],
  [
    'before Multus 3.6, an entry has the name inside the config',
    {
      ips: IPS,
      requested: [selection('x')],
      reported: [
        entry('aws-cni', { default: true, ips: IPS }),
        entry('lan', { index: 1, interface: 'net1', ips: ['10.1.0.1'] }),
      ],
    },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['net1', 'net:default/x', 'reported', '10.1.0.1'],
    ],
  ],
  [
    'a pod’s own default network: eth0 is on that NAD',
    {
      ips: IPS,
      defaultNetwork: selection('mynet', { namespace: 'kube-system' }),
      reported: [entry('kube-system/mynet', { interface: 'eth0', ips: IPS, default: true })],
    },
    [['eth0', 'net:kube-system/mynet', 'reported', '10.0.0.5']],
  ],
  [
    'a pod’s own default network may have another name: Multus uses it instead of eth0',
    { ips: IPS, defaultNetwork: selection('mynet', { namespace: 'kube-system', interface: 'foo' }) },
    [['foo', 'net:kube-system/mynet', 'reported', '10.0.0.5']],
  ],
  [
    'a name with a slash is encoded',
    { ips: IPS, reported: [entry('ops/x', { interface: 'a/b' })] },
    [
      ['eth0', 'cluster', 'reported', '10.0.0.5'],
      ['a%2Fb', 'net:ops/x', 'unrequested', ''],
    ],
  ],
];

describe('interfaces of a pod', () => {
  it.each(CASES)('%s', (_what, given, wanted) => {
    expect(brief(given)).toEqual(wanted);
  });

  it('states whether the default entry is known, and which request it answers', () => {
    const drafts = run({
      ips: IPS,
      requested: [selection('x', { index: 0 })],
      reported: [
        entry('aws-cni', { interface: 'dummy0', ips: IPS, default: true }),
        entry('default/x', {
          index: 1,
          interface: 'net1',
          mac: '06:00:00:00:00:01',
          mtu: 9001,
          gateways: ['10.1.0.1'],
        }),
      ],
    });
    expect(drafts.map(({ default: isDefault }) => isDefault)).toEqual([true, false]);
    expect(drafts[1]).toMatchObject({ requestIndex: 0, mac: '06:00:00:00:00:01', mtu: 9001, gateways: ['10.1.0.1'] });
  });

  it('expects one interface per managed card, except for those that are reported', () => {
    expect(brief({ ips: IPS }, 3).map(([id, , state]) => [id, state])).toEqual([
      ['eth0', 'reported'],
      ['mNicIf1', 'expected'],
      ['mNicIf2', 'expected'],
    ]);
    expect(brief({ phase: 'Pending' }, 3)).toHaveLength(1);
    const reported = [
      entry('aws-cni', { interface: 'eth0', ips: IPS, default: true }),
      entry('aws-cni', { index: 1, interface: 'mNicIf1', ips: ['10.0.1.7'] }),
    ];
    expect(brief({ ips: IPS, reported }, 3).map(([id]) => id)).toEqual(['eth0', 'mNicIf1', 'mNicIf2']);
  });
});
