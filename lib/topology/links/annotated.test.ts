/** From the texts of a pod's annotations to its interface records: the traps of multus §0 and §1.4–1.6. */
import { describe, expect, it } from 'vitest';
import { parseDefaultNetwork } from '../../cni/multus/default-network';
import { parseNetworksAnnotation } from '../../cni/multus/networks';
import { parseNetworkStatus } from '../../cni/multus/status';
import type { InterfaceRecord } from '../../model/records';
import { awsNode, engineOf, eni, nad, node, ownEni, pod, subnet, upsert } from '../../../e2e/testing/facts';

const MAC = '06:00:00:00:00:01';
const WORLD = [
  upsert('node', node()),
  upsert('pod', awsNode()),
  upsert('subnet', subnet()),
  upsert('subnet', subnet('subnet-2', { cidr: '10.1.0.0/24' })),
  upsert('eni', ownEni('eni-0', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5'], mac: '06:00:00:00:00:00' })),
  upsert(
    'eni',
    eni('eni-1', {
      deviceIndex: 1,
      subnet: 'subnet-2',
      primaryIp: '10.1.0.4',
      secondaryIps: ['10.1.0.5', '10.1.0.6'],
      ipv6Addresses: ['fd00::5'],
      mac: MAC,
      tags: { 'node.k8s.amazonaws.com/no_manage': 'true' },
    }),
  ),
  upsert('nad', nad('a', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1' })),
  upsert('nad', nad('b', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1' })),
];

interface Texts {
  readonly networks?: string;
  readonly status?: string;
  readonly oldStatus?: string;
  readonly defaultNetwork?: string;
  readonly ip?: string;
}

/** `name network addresses ENI`, and anything else of note. */
function records({ networks, status, oldStatus, defaultNetwork, ip = '10.0.0.5' }: Texts): readonly InterfaceRecord[] {
  const asked = parseNetworksAnnotation(networks ?? null, 'default');
  const reported = parseNetworkStatus(status ?? null, oldStatus ?? null);
  const fact = pod('p', {
    ips: [ip],
    networksAnnotation: asked.annotation,
    requested: asked.selections,
    defaultNetwork: parseDefaultNetwork(defaultNetwork ?? null).selection,
    statusAnnotation: reported.annotation,
    reported: reported.entries,
    problems: reported.problems,
  });
  const { interfaces } = engineOf([...WORLD, upsert('pod', fact)]).replica.records;
  return [...interfaces.values()].filter((record) => record.pod === 'pod:default/p');
}

const brief = (texts: Texts): readonly string[] =>
  records(texts).map(
    ({ name, network, ips, eni: on, state }) =>
      `${name ?? '-'} ${network} ${ips.join(',') || '-'} ${on ?? '-'} ${state}`,
  );

const ETH0 = 'eth0 cluster 10.0.0.5 eni-0 reported';
const NET1 = 'net1 net:default/a 10.1.0.5 eni-1 reported';
const entry = (more: object): string => JSON.stringify([{ dns: {}, ...more }]);
const AWS = { name: 'aws-cni', interface: 'eth0', ips: ['10.0.0.5'], default: true, dns: {} };
const LIST = (...entries: readonly object[]): string => JSON.stringify([AWS, ...entries]);
const A = { name: 'default/a', interface: 'net1', ips: ['10.1.0.5'] };

const CASES: readonly (readonly [what: string, texts: Texts, wanted: readonly string[]])[] = [
  ['no annotation', {}, [ETH0]],
  ['empty annotations', { networks: '', status: '' }, [ETH0]],
  ['empty lists', { networks: '[]', status: '[]' }, [ETH0]],
  ['a status that is not JSON', { status: '[{' }, [ETH0]],
  ['a status that is not a list', { status: '{"name":"aws-cni"}' }, [ETH0]],
  ['networks that Multus rejects request nothing', { networks: '[{"name":"a"},]' }, [ETH0]],
  [
    'Multus 4.0: the bookkeeping interface with eth0’s address, and an invalid MAC',
    { status: entry({ ...AWS, interface: 'dummy0123456789a', mac: '0' }) },
    [ETH0],
  ],
  [
    'Multus 4.1: eth0 with a route table’s number, the bookkeeping interface without addresses',
    { status: LIST({ name: 'aws-cni', interface: 'dummy0123456789a', mac: '0' }) },
    [ETH0],
  ],
  ['requested and reported', { networks: 'a', status: LIST(A) }, [ETH0, NET1]],
  ['an address with its prefix length', { networks: 'a', status: LIST({ ...A, ips: ['10.1.0.5/24'] }) }, [ETH0, NET1]],
  [
    'an address in upper case, and with zeros',
    { networks: 'a', status: LIST({ ...A, ips: ['FD00:0::0005/64'] }) },
    [ETH0, 'net1 net:default/a fd00::5 eni-1 reported'],
  ],
  [
    'a MAC in upper case, with a leading space',
    { networks: 'a', status: LIST({ ...A, ips: [], mac: ` ${MAC.toUpperCase()}` }) },
    [ETH0, 'net1 net:default/a - eni-1 reported'],
  ],
  [
    'requested twice: two interfaces of one network',
    { networks: 'a,a', status: LIST(A, { ...A, interface: 'net2', ips: ['10.1.0.6'] }) },
    [ETH0, NET1, 'net2 net:default/a 10.1.0.6 eni-1 reported'],
  ],
  [
    'requested, but without an entry',
    { networks: 'a,b@foo', status: LIST(A) },
    [ETH0, NET1, 'foo net:default/b - - requested'],
  ],
  [
    'an explicit name consumes a number',
    { networks: 'a@foo,b' },
    [ETH0, 'foo net:default/a - - requested', 'net2 net:default/b - - requested'],
  ],
  [
    'net1 is the daemon’s default network, the first of the annotation is net2',
    { networks: 'a', status: LIST({ name: 'kube-system/ops', interface: 'net1' }, { ...A, interface: 'net2' }) },
    [ETH0, 'net1 net:kube-system/ops - - unrequested', 'net2 net:default/a 10.1.0.5 eni-1 reported'],
  ],
  ['the old key', { networks: 'a', oldStatus: LIST(A) }, [ETH0, NET1]],
  [
    'both keys: only the new one',
    { networks: 'a', status: LIST(A), oldStatus: LIST({ ...A, interface: 'old1' }) },
    [ETH0, NET1],
  ],
  ['an empty new key hides the old one', { status: '', oldStatus: LIST(A) }, [ETH0]],
  [
    'every entry is marked as default (Multus 4.1.0)',
    { status: JSON.stringify([AWS, { ...AWS, interface: 'mNicIf1', ips: ['10.1.0.6'] }]) },
    [ETH0, 'mNicIf1 cluster 10.1.0.6 eni-1 reported'],
  ],
  ['no entry is marked as default', { status: JSON.stringify([{ ...AWS, default: false }]) }, [ETH0]],
  [
    'an entry without an interface (Calico), and one without a name',
    {
      status: JSON.stringify([
        { name: 'k8s-pod-network', ips: ['10.0.0.5'], default: true },
        { name: '', interface: 'x0' },
      ]),
    },
    [ETH0, 'x0 cluster - - reported'],
  ],
  [
    'another default network: on its NAD, in Multus’ namespace',
    {
      defaultNetwork: 'calico',
      status: entry({ name: 'kube-system/calico', interface: 'eth0', ips: ['10.0.0.5'], default: true }),
    },
    ['eth0 net:kube-system/calico 10.0.0.5 eni-0 reported'],
  ],
  [
    'another default network that names its interface',
    { defaultNetwork: 'calico@foo' },
    ['foo net:kube-system/calico 10.0.0.5 eni-0 reported'],
  ],
  [
    'names are not judged by their form: net0, pod7e0055a6880, ipvlan1',
    { networks: 'a@ipvlan1,b@pod7e0055a6880', status: LIST({ ...A, interface: 'ipvlan1' }) },
    [ETH0, 'ipvlan1 net:default/a 10.1.0.5 eni-1 reported', 'pod7e0055a6880 net:default/b - - requested'],
  ],
];

describe('annotations to interface records', () => {
  it.each(CASES)('%s', (_what, texts, wanted) => expect(brief(texts)).toEqual(wanted));

  it('the MAC reported by aws-cni identifies no ENI, whatever its form', () => {
    const [eth0] = records({ status: JSON.stringify([{ ...AWS, mac: '254' }]) });
    expect(eth0).toMatchObject({ mac: null, eni: 'eni-0' });
    const strange = JSON.stringify([{ ...AWS, ips: [], mac: MAC }]);
    expect(records({ status: strange })[0]?.eni).toBe('eni-0');
    expect(records({ status: strange, ip: '10.9.9.9' })[0]?.eni).toBeNull();
  });

  it('a gateway of <nil> means none, and default does not mean the default route', () => {
    const status = LIST({ ...A, gateway: ['<nil>'], default: false });
    const [eth0, net1] = records({ networks: 'a', status });
    expect([eth0?.default, net1?.default]).toEqual([true, false]);
    expect(net1?.gateways).toEqual([]);
    expect(records({ networks: 'a', status: LIST({ ...A, gateway: ['10.1.0.1'] }) })[1]?.gateways).toEqual([
      '10.1.0.1',
    ]);
  });
});
