// Everything that Multus reads from a pod before it runs the first plugin: the default network, the networks, the gateways
// and the interface names.
import { describe, expect, it } from 'vitest';
import { parseDefaultNetwork } from '../../lib/cni/multus/default-network';
import {
  interfaceNames,
  multusInterfaceName,
  primaryInterfaceName,
  refusedInterfaceName,
} from '../../lib/cni/multus/interface-name';
import { parseNetworksAnnotation, parsePodNetworkAnnotation } from '../../lib/cni/multus/networks';
import type { NetworkSelection } from '../../lib/model/facts';
import { ask, type Question } from './ask';
import { annotations } from './generate';
import { dice } from './json-text';

interface Delegate {
  readonly name: string;
  readonly interface: string;
  readonly master: boolean;
  /** Why the CNI library rejects the interface name. */
  readonly refused: string | null;
}

const NAMESPACE = 'shop';
const CRASH = /on which Multus crashes$/;

interface Given {
  readonly networks: string | null;
  readonly defaultNetwork: string | null;
  readonly before: number;
}

const read = ({ networks, defaultNetwork }: Given) => ({
  own: parseDefaultNetwork(defaultNetwork),
  asked: parseNetworksAnnotation(networks, NAMESPACE),
});

/** Creates a NetworkAttachmentDefinition for every name that we read: if Multus looks for another one, that is a difference. */
function question(given: Given): Question {
  const { own, asked } = read(given);
  const selections = [...(own.selection === null ? [] : [own.selection]), ...asked.selections];
  return {
    ask: 'pod',
    namespace: NAMESPACE,
    before: given.before,
    annotations: {
      ...(given.networks === null ? {} : { 'k8s.v1.cni.cncf.io/networks': given.networks }),
      ...(given.defaultNetwork === null ? {} : { 'v1.multus-cni.io/default-network': given.defaultNetwork }),
    },
    nads: selections.map(({ namespace, name }) => ({ namespace, name, config: '{"name":"lan","type":"macvlan"}' })),
  };
}

/** More than one gateway of a family; an empty text, which our selections leave out, counts as IPv6 to Multus. */
function severalGateways({ networks, defaultNetwork }: Given): boolean {
  // Without networks Multus does not count gateways.
  if (networks === null || networks === '') return false;
  const gateways = [networks, defaultNetwork ?? ''].flatMap((text) => {
    const parsed = text === '' ? { elements: [] } : parsePodNetworkAnnotation(text, NAMESPACE);
    return 'elements' in parsed ? parsed.elements.flatMap((element) => element['default-route'] ?? []) : [];
  });
  const four = gateways.filter((gateway) => gateway?.includes('.')).length;
  return four > 1 || gateways.length - four > 1;
}

const fullName = ({ namespace, name }: NetworkSelection): string => (name === '' ? 'lan' : `${namespace}/${name}`);

/** The answer that we expect from Multus. */
function ours(given: Given): unknown {
  const { own, asked } = read(given);
  if (own.annotation.error !== null) {
    if (CRASH.test(own.annotation.error)) return { panic: expect.any(String) as unknown };
    const where = 'TryLoadPodDelegates: error in loading K8s cluster default network from pod annotation';
    return { error: `${where}: ${own.annotation.error}` };
  }
  if (asked.annotation.error !== null) {
    return CRASH.test(asked.annotation.error)
      ? { panic: expect.any(String) as unknown }
      : { error: asked.annotation.error };
  }
  if (severalGateways(given)) return { error: 'multus does not support ECMP for default-route' };
  const cluster = (i: number): Delegate => ({
    name: i === 0 && own.selection !== null ? fullName(own.selection) : `cluster-${i}`,
    interface: i === 0 ? primaryInterfaceName(own.selection) : `net${i}`,
    master: i === 0,
    refused: i === 0 ? refusedInterfaceName(primaryInterfaceName(own.selection)) : null,
  });
  const extra = asked.selections.map((selection): Delegate => {
    const name = multusInterfaceName(given.before + selection.index, selection.interface);
    return { name: fullName(selection), interface: name, master: false, refused: refusedInterfaceName(name) };
  });
  return { value: [...Array.from({ length: given.before + 1 }, (_, i) => cluster(i)), ...extra] };
}

const askAll = (all: readonly Given[]) => ask<readonly Delegate[]>(all.map(question));

describe('random pods', () => {
  it.each([1, 2])('seed %i: 3,000 pods', (seed) => {
    const roll = dice(seed);
    const networks = annotations(seed + 100);
    const defaults = annotations(seed + 200);
    const all = Array.from({ length: 3000 }, (): Given => ({
      networks: roll() < 0.9 ? networks() : null,
      defaultNetwork: roll() < 0.3 ? (roll() < 0.5 ? 'mynet@foo' : defaults()) : null,
      before: Math.floor(roll() * 3),
    }));
    const wrong = askAll(all).flatMap((answer, i) => {
      const given = all[i];
      if (given === undefined) throw new Error('no question');
      try {
        expect(answer).toEqual(ours(given));
        return [];
      } catch {
        return [{ given, multus: answer, ours: ours(given) }];
      }
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

it.each<[string, Partial<Given>]>([
  ['no request', {}],
  ['an empty annotation, which is no request', { networks: '' }],
  ['an empty list', { networks: '[]' }],
  ['numbers continue after an explicit name', { networks: 'a@foo,b,c' }],
  ['after the daemon’s default networks', { networks: 'a,b@net1', before: 2 }],
  ['one network requested three times', { networks: 'a,a,a' }],
  ['a default network in Multus’ own namespace', { defaultNetwork: 'mynet', networks: 'a' }],
  ['a default network elsewhere, with an interface name', { defaultNetwork: 'x/mynet@foo', networks: 'a@eth0' }],
  ['a default network in JSON', { defaultNetwork: '[{"name":"mynet","interface":"foo"}]' }],
  ['two default networks', { defaultNetwork: 'a,b' }],
  ['an empty default network', { defaultNetwork: '' }],
  ['an empty list of default networks', { defaultNetwork: '[]' }],
  ['a blank default network', { defaultNetwork: ' ' }],
  ['an unreadable default network, before unreadable networks', { defaultNetwork: 'a/b/c', networks: 'x@y@z' }],
  ['unreadable networks', { networks: '[{"mac":"x"}]' }],
  [
    'names that the CNI library rejects',
    { networks: '[{"interface":"a:b"},{"interface":".."},{"interface":"abcdefghijklmnop"}]' },
  ],
])('%s', (_, more) => {
  const given: Given = { networks: null, defaultNetwork: null, before: 0, ...more };
  expect(askAll([given])[0]).toEqual(ours(given));
});

it.each<[string, Partial<Given>]>([
  ['one of each family', { networks: '[{"default-route":["10.0.0.1","fd00::1"]}]' }],
  ['two of one family in one network', { networks: '[{"default-route":["10.0.0.1","10.0.0.2"]}]' }],
  ['two of one family in two networks', { networks: '[{"default-route":["fd00::1"]},{"default-route":["fd00::2"]}]' }],
  ['IPv4-mapped is IPv4', { networks: '[{"default-route":["::ffff:10.0.0.1"]},{"default-route":["10.0.0.2"]}]' }],
  ['an empty list', { networks: '[{"default-route":[]},{"default-route":["10.0.0.1"]}]' }],
  ['empty strings', { networks: '[{"default-route":["",""]}]' }],
  ['only those of a default network', { defaultNetwork: '[{"name":"m","default-route":["10.0.0.1","10.0.0.2"]}]' }],
  [
    'the default network’s gateway counts',
    { defaultNetwork: '[{"name":"m","default-route":["10.0.0.1"]}]', networks: '[{"default-route":["10.0.0.2"]}]' },
  ],
])('gateways: %s', (_, more) => {
  const given: Given = { networks: null, defaultNetwork: null, before: 0, ...more };
  expect(askAll([given])[0]).toEqual(ours(given));
});

it('leaves name clashes to Multus, which finds them in the pod’s network namespace', () => {
  const given: Given = { networks: 'a@net7,b@net7', defaultNetwork: null, before: 0 };
  expect(askAll([given])[0]).toEqual(ours(given));
  expect(interfaceNames(read(given).asked.selections).map(({ problem }) => problem)).toEqual([
    null,
    'validateIfName: interface name net7 already exists',
  ]);
});
