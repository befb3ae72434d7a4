import { expect, it } from 'vitest';
import { anEni, anInterface, aPod, recordMaps } from '../../e2e/testing/records';
import type { Delta } from '../model/delta';
import { shareReferences } from './share-references';

const IP = '10.0.0.4';
const pod = aPod('default', 'a', { ips: [IP] });
const face = anInterface('default', 'a', 'eth0', {
  ips: [IP],
  eni: 'eni-1',
  addresses: [{ ip: IP, family: 4, backed: 'eni', eni: 'eni-1' }],
});
const eni = anEni('n', 'eni-1', { addresses: [{ ip: IP, state: 'assigned', interface: face.id }] });

const received = (): Delta['tables'] =>
  JSON.parse(
    JSON.stringify({
      interfaces: {
        put: [face, anInterface('default', 'b', 'eth0', { ips: [IP] })],
        patch: [{ id: face.id, set: { addresses: face.addresses } }],
        drop: [],
      },
      enis: {
        put: [eni],
        patch: [{ id: eni.id, set: {}, addresses: { put: eni.addresses, drop: [] } }],
        drop: [],
      },
    }),
  ) as Delta['tables'];

it('gives an interface the address list of its pod, without changing any content', () => {
  const records = recordMaps({ pods: [pod], interfaces: [face] });
  const tables = received();
  shareReferences(tables, records);
  expect(tables).toStrictEqual(received());
  expect(tables.interfaces?.put.map(({ ips }) => ips === pod.ips)).toEqual([true, false]);
});

it('accepts an empty record set', () => {
  const tables = received();
  shareReferences(tables, recordMaps({}));
  expect(tables).toStrictEqual(received());
});
