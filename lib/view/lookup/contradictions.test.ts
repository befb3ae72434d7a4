/** A look-up names the finding about contradictory facts, with the owner that each fact names. */
import { expect, it } from 'vitest';
import { eni, eth0, face, foreignEni, network, node, NOW, pod, world } from '../../../e2e/testing/findings';
import { Findings } from '../../findings/evaluate';
import { RULES } from '../../findings/registry';
import { lookup } from './lookup';

type Records = Parameters<typeof world>[0];

function noteOn(records: Records, query: string): string | null {
  const replica = world(records);
  const found = new Findings(RULES).all(replica, NOW);
  if (found !== null) replica.apply({ findings: found });
  return lookup(replica, query).note;
}

const OWN_MAC = '0a:00:00:00:00:77';
const OWN = {
  leavesNodeOnEni: false,
  macPolicy: 'own',
  onePodPerDevice: false,
  perNode: false,
  linkInContainer: false,
  kernelInterface: true,
} as const;
const machine = { owner: { kind: 'VirtualMachineInstance', name: 'vm-1' } };
const twice = (a: Parameters<typeof pod>[1], b: Parameters<typeof pod>[1]): Records => [
  node(),
  node({ name: 'n2' }),
  network('ipvlan-a', { semantics: OWN }),
  pod('p1', a),
  pod('p2', b),
  face('net1', { eni: null, addresses: [], mac: OWN_MAC }),
  face('net1', { podName: 'p2', eni: null, addresses: [], mac: OWN_MAC }),
];

it.each([
  ['an address of two pods', twice({}, {}), '10.6.0.14', /^error duplicate-address: core\/p1 and core\/p2 hold/],
  ['a MAC of two pods', twice({}, {}), OWN_MAC, /duplicate-mac: /],
  [
    'an address on an ENI other than that of the MAC',
    [
      node(),
      eni(),
      foreignEni(),
      network(),
      pod(),
      face('net1', {
        addresses: [{ ip: '10.6.0.14', family: 4, backed: 'eni', eni: eni().id }],
        link: { rule: 'mac', certainty: 'observed', evidence: 'its MAC', candidates: [] },
      }),
    ],
    '10.6.0.14',
    /^error address-not-on-eni: .*EC2 delivers 10\.6\.0\.14 to eni-/,
  ],
] as const)('%s', (_what, records, query, note) => {
  expect(noteOn(records, query)).toMatch(note);
});

it('two pods in one finding give one remark', () => {
  expect(noteOn(twice({}, {}), '10.6.0.14')?.split('duplicate-address')).toHaveLength(2);
});

it.each([
  ['one pod', [node(), eni(), pod(), eth0()], '10.0.0.21'],
  ['the two pods of a migrating virtual machine', twice(machine, { ...machine, node: 'node:n2' }), '10.6.0.14'],
] as const)('no contradiction for %s', (_what, records, query) => {
  expect(noteOn(records, query)).toBeNull();
});
