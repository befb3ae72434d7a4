import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aNode, aPod, anInterface, recordMaps } from '../../../e2e/testing/records';
import { createReplica } from '../../records/replica';
import { TextIndex } from './text-index';

const name = fc.constantFrom('web', 'web-1', 'pod', 'upf-0', 'a/b', 'e');
const change = fc.record({
  op: fc.constantFrom('put', 'drop', 'rename', 'reset'),
  namespace: fc.constantFrom('web', 'core'),
  name,
  owner: fc.constantFrom('web', 'upf', null),
  if: fc.constantFrom('eth0', 'net1'),
});
const owned = (owner: string | null) => (owner === null ? null : { kind: 'ReplicaSet', name: owner });

it('[property] gives the same results as a scan of every record, after any changes', () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 25 }),
      fc.constantFrom('web', 'pod', 'b-1', '%2f', 'e', 'zz', '-'),
      (changes, part) => {
        const replica = createReplica();
        replica.reset(recordMaps({ nodes: [aNode('web-node')] }), replica.cluster);
        const index = new TextIndex(replica);
        for (const { op, namespace, name: pod, owner, if: link } of changes) {
          const record = aPod(namespace, pod, { owner: owned(owner) as never });
          const face = anInterface(namespace, pod, link, {});
          if (op === 'reset') replica.reset(recordMaps({ pods: [record], interfaces: [face] }), replica.cluster);
          else if (op === 'drop')
            replica.apply({
              pods: { put: [], patch: [], drop: [record.id] },
              interfaces: { put: [], patch: [], drop: [face.id] },
            });
          else if (op === 'put')
            replica.apply({
              pods: { put: [record], patch: [], drop: [] },
              interfaces: { put: [face], patch: [], drop: [] },
            });
          else if (replica.records.pods.has(record.id))
            replica.apply({
              pods: { put: [], patch: [{ id: record.id, set: { owner: owned(owner) } }], drop: [] },
            });
        }
        const { nodes, pods, interfaces } = replica.records;
        const behindKind = (id: string): boolean => id.indexOf(part, id.indexOf(':') + 1) >= 0;
        expect([...index.idsWith(part)].sort()).toEqual([...nodes.keys(), ...pods.keys()].filter(behindKind).sort());
        for (const one of ['web', 'web-1', 'upf-0', '1'])
          expect([...index.podsNamed(one)].sort()).toEqual(
            [...pods.keys()].filter((id) => id.split('/').at(-1) === one).sort(),
          );
        const all = [...pods.values()];
        expect(index.podsIn('core')).toBe(all.filter(({ namespace }) => namespace === 'core').length);
        expect(index.podsOf('upf')).toBe(all.filter(({ owner }) => owner?.name === 'upf').length);
        expect(index.interfacesNamed('net1')).toBe(
          [...interfaces.values()].filter((one) => one.name === 'net1').length,
        );
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
