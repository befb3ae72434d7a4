/** Texts of annotations, good and bad: what Multus makes of them, and what may be shown of them (multus §0, §1.2–1.6, §6). */
import { Cluster } from './kit/cluster';
import { oneOf } from './kit/compare';
import { NETWORKS, STATUS } from './kit/pod';
import { none, multusPod } from './kit/multus-pod';
import type { Json } from './kit/types';

const OLD = 'k8s.v1.cni.cncf.io/networks-status';

/** The request's text, and whether Multus takes it; with the names of the interfaces that a waiting pod then asks for. */
const REQUESTS: readonly (readonly [
  name: string,
  text: string,
  state: 'empty' | 'valid' | 'nameless' | 'invalid',
  asked?: readonly (readonly [string, string])[],
])[] = [
  ['empty', '', 'empty'],
  ['brackets', '[]', 'valid'],
  // Multus takes an item without a name, and then looks for a network without a name.
  ['blank', ' ', 'nameless', [['net1', '']]],
  ['words', 'please attach my network', 'invalid'],
  ['object', '{"name":"lan"}', 'invalid'],
  ['null', '[null]', 'invalid'],
  ['comment', '[{"name":"lan"}] # mine', 'invalid'],
  ['comma', '[{"name":"lan"},]', 'invalid'],
  ['curly', '[{“name”:"lan"}]', 'invalid'],
  [
    'trailing',
    'lan,',
    'nameless',
    [
      ['net1', 'lan'],
      ['net2', ''],
    ],
  ],
  ['slash', '[{"name":"home/lan"}]', 'nameless', [['net1', 'home%2Flan']]],
  ['slashes', 'a/b/c', 'invalid'],
  ['ats', 'lan@a@b', 'invalid'],
  ['upper', 'Lan', 'invalid'],
  ['dots', 'home/lan.one', 'invalid'],
  ['long', 'lan@abcdefghijklmnop', 'invalid'],
  ['bad-mac', '[{"name":"lan","mac":"254"}]', 'invalid'],
  ['bad-ip', '[{"name":"lan","ips":["10.1.1.300"]}]', 'invalid'],
  ['fifteen', 'lan@abcdefghijklmno', 'valid', [['abcdefghijklmno', 'lan']]],
  [
    'blanks',
    ' home / lan @ Net_1 , lan ',
    'valid',
    [
      ['Net_1', 'lan'],
      ['net2', 'lan'],
    ],
  ],
  ['newline', '\n[{ "name": "lan", "interfaceRequest": "old0" }]\n', 'valid', [['old0', 'lan']]],
  ['both', '[{"name":"lan","interface":"new0","interfaceRequest":"old0"}]', 'valid', [['new0', 'lan']]],
  ['dashes-mac', '[{"name":"lan","mac":"CA-FE-C0-FF-00-02","ips":["10.1.1.104/24"]}]', 'valid', [['net1', 'lan']]],
  [
    'twice',
    'lan,lan',
    'valid',
    [
      ['net1', 'lan'],
      ['net2', 'lan'],
    ],
  ],
];

function startCapture() {
  const c = new Cluster({ multus: 'v4.0.2-eksbuild.1' });
  // Those whose annotation can be read wait for hours, and nothing says why.
  c.undecided.push('pod-start-failed');
  c.undecided.push(
    'pool-low',
    'warm-pool-waste',
    'network-unused',
    'max-pods-too-high',
    'networks-changed-after-start',
    'default-route-conflict',
  );
  const s = c.subnet('10.40.0.0/20');
  const node = c.node('desk', s, { type: 'c5.4xlarge' });
  c.nad('home/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: { type: 'static' } });

  const status = (key: string, text: string | null, more: Readonly<Record<string, string>> = {}): string => {
    const held = node.primary.add();
    held.holder = `if:${key}/eth0`;
    c.write(key, node, [held.ip], {
      annotations: { ...(text === null ? {} : { [STATUS]: text.replaceAll('ETH0', held.ip) }), ...more },
    });
    c.expectLink(held.holder, node, { held, eni: node.primary, rule: 'secondary-ip' });
    return held.ip;
  };
  const on = (key: string, as: string, ips: readonly string[], more = {}): void => {
    c.interfaces[`if:${key}/${as}`] = { pod: `pod:${key}`, network: 'net:home/lan', ips, ...none, ...more };
  };
  const entry = (more: Readonly<Record<string, Json>>): string =>
    JSON.stringify([
      { name: 'aws-cni', interface: 'eth0', ips: ['ETH0'], default: true, dns: {} },
      { name: 'home/lan', dns: {}, ...more },
    ]);
  return { c, node, status, on, entry };
}

type Capture = ReturnType<typeof startCapture>;

/** What pods ask for. */
function requests({ c, node }: Capture): void {
  for (const [name, text, state, asked = []] of REQUESTS) {
    const key = `home/${name}`;
    c.waiting(key, node, { annotations: { [NETWORKS]: text } });
    c.expect('pods', `pod:${key}`, {
      networksAnnotation: {
        state: state === 'nameless' ? 'valid' : state,
        error:
          state === 'invalid'
            ? (actual) => (typeof actual === 'string' && actual.length > 5 ? null : 'says nothing')
            : null,
      },
    });
    if (state === 'invalid' || state === 'nameless') c.finding('networks-annotation-invalid', `pod:${key}`);
    for (const [as, network] of asked) {
      c.interfaces[`if:${key}/${as}`] = {
        pod: `pod:${key}`,
        node: node.id,
        network: `net:home/${network}`,
        state: 'requested',
        ips: [],
        eni: null,
        card: null,
      };
    }
  }
  // A network that is not there; one of the same name is elsewhere.
  c.waiting('away/asks', node, { annotations: { [NETWORKS]: 'lan' } });
  c.interfaces['if:away/asks/net1'] = { network: 'net:away/lan', state: 'requested', ips: [] };
  c.expect('networks', 'net:away/lan', { missing: true, plugins: [] });
  c.finding('network-missing', 'pod:away/asks');
}

/** Statuses that cannot be read, wholly or in part. */
function unreadable({ c, status, on, entry }: Capture): void {
  // Statuses that cannot be read leave eth0, and say so.
  for (const [name, text, state] of [
    ['st-empty', '', 'empty'],
    ['st-words', 'pending', 'invalid'],
    ['st-object', '{"name":"home/lan"}', 'invalid'],
    ['st-cut', '[{"name":"home/lan","interf', 'invalid'],
  ] as const) {
    status(`home/${name}`, text);
    c.expect('pods', `pod:home/${name}`, { statusAnnotation: { state } });
  }
  // Entries of a list that are no entries are left out, and the others are used.
  status(
    'home/st-mixed',
    '[null, 7, "x", {"name":"home/lan","interface":"net1","ips":["172.16.0.9"],"mac":"AA:BB:CC:DD:EE:0F"}]',
  );
  on('home/st-mixed', 'net1', ['172.16.0.9'], { mac: 'aa:bb:cc:dd:ee:0f', state: 'unrequested' });
  // Only the old key; both, of which the new one counts.
  status('home/st-old', null, { [OLD]: entry({ interface: 'net1', ips: ['172.16.0.10'] }) });
  on('home/st-old', 'net1', ['172.16.0.10']);
  status('home/st-both', entry({ interface: 'net1', ips: ['172.16.0.11'] }), {
    [OLD]: entry({ interface: 'net9', ips: ['172.16.0.12'] }),
  });
  on('home/st-both', 'net1', ['172.16.0.11']);
}

/** Statuses that can be read and are unusual. */
function oddStatuses({ c, status, on, entry }: Capture): void {
  // Odd values: no MAC that is none, no address that is none; lengths go, forms become one.
  status(
    'home/st-values',
    entry({
      interface: 'net1',
      ips: ['172.16.0.13/24', 'FD00:0:0:0::1', '300.1.1.1', ''],
      mac: '254',
      mtu: 9001,
      gateway: ['<nil>', '172.16.0.1'],
    }),
  );
  on('home/st-values', 'net1', ['172.16.0.13', 'fd00::1'], { mac: null, mtu: 9001 });
  // The same name twice.
  status(
    'home/st-twice',
    JSON.stringify([
      { name: 'aws-cni', interface: 'eth0', ips: ['ETH0'], default: true },
      { name: 'home/lan', interface: 'net1', ips: ['172.16.0.14'] },
      { name: 'home/lan', interface: 'net1', ips: ['172.16.0.15'] },
    ]),
  );
  on('home/st-twice', 'net1', ['172.16.0.14']);
  on('home/st-twice', 'net1~2', ['172.16.0.15']);
  // Several default entries, and eth0's is not among them (a cluster with user-defined networks writes it so).
  status(
    'home/st-defaults',
    JSON.stringify([
      { name: 'ovn-kubernetes', interface: 'eth0', ips: ['ETH0'], mac: '0a:58:0a:f4:00:06', dns: {} },
      {
        name: 'ovn-kubernetes',
        interface: 'ovn-udn1',
        ips: ['200.203.2.5'],
        mac: '0a:58:c8:0a:02:05',
        default: true,
        dns: {},
      },
    ]),
  );
  c.finding('pod-address-not-on-node', 'if:home/st-defaults/ovn-udn1');
  c.interfaces['if:home/st-defaults/ovn-udn1'] = { ips: ['200.203.2.5'], eni: null, mac: '0a:58:c8:0a:02:05' };
  c.interfaces['if:home/st-defaults/eth0'] = {
    ...c.interfaces['if:home/st-defaults/eth0'],
    mac: oneOf('0a:58:0a:f4:00:06', null),
  };
  // The shapes of the VPC CNI under newer Multus; the number is a route table's, not a MAC.
  status(
    'home/st-eks41',
    JSON.stringify([
      { name: 'aws-cni', interface: 'eth0', ips: ['ETH0'], mac: '254', default: true, dns: {} },
      { name: 'aws-cni', interface: 'dummy0123456789a', mac: '0', dns: {} },
    ]),
  );
  // Multus 3 with a default entry that names no interface.
  status('home/st-v3', JSON.stringify([{ name: '', ips: ['ETH0'], default: true, dns: {} }]));
  // Nothing but the old prototype key: nothing is asked for, and nobody else says so.
  status('home/st-prototype', null, { 'kubernetes.v1.cni.cncf.io/networks': 'lan' });
  c.expect('pods', 'pod:home/st-prototype', { networksAnnotation: { state: 'absent' } });
  c.finding('networks-annotation-key', 'pod:home/st-prototype');
}

/** What was asked for beside what is reported. */
function requestAndStatus({ c, node, status }: Capture): void {
  // Asked for, running, no word of it.
  status('home/st-silent', null, { [NETWORKS]: 'lan' });
  c.interfaces['if:home/st-silent/net1'] = { state: 'requested', network: 'net:home/lan', ips: [], eni: null };
  c.finding('network-status-missing', 'pod:home/st-silent');
  // Another address and MAC than asked for.
  multusPod(c, 'home/st-other', node, '[{"name":"lan","ips":["172.16.1.1/24"],"mac":"CA:FE:C0:FF:00:02"}]', [
    { network: 'home/lan', as: 'net1', ips: ['172.16.1.2'], mac: 'ca:fe:c0:ff:00:03', truth: none },
  ]);
  c.finding('requested-not-honoured', 'if:home/st-other/net1');
  multusPod(c, 'home/st-same', node, '[{"name":"lan","ips":["172.16.1.3/24"],"mac":"CA-FE-C0-FF-00-04"}]', [
    { network: 'home/lan', as: 'net1', ips: ['172.16.1.3'], mac: 'ca:fe:c0:ff:00:04', truth: none },
  ]);
  // No kernel interface: a name only, or a socket.
  multusPod(c, 'home/st-vhost', node, null, [
    {
      network: 'home/lan',
      as: 'net1',
      more: {
        'device-info': { type: 'vhost-user', version: '1.1.0', 'vhost-user': { mode: 'client', path: '/run/x.sock' } },
      },
      truth: { ...none, device: { type: 'vhost-user', pciAddress: null } },
    },
  ]);
}

export function annotations(): Cluster {
  const capture = startCapture();
  requests(capture);
  unreadable(capture);
  oddStatuses(capture);
  requestAndStatus(capture);
  return capture.c;
}
