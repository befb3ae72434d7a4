/** The simulator's protobuf equals its JSON, as read by an independent library. */
import { expect, it } from 'vitest';
import {
  encodeEvent,
  encodeList,
  encodeObject,
  encodeStatus,
  speaksProtobuf,
} from '../../lib/sim/kubernetes/protobuf/encode';
import { groupVersion, openResource, RESOURCES } from '../../lib/sim/kubernetes/resources';
import { forbidden, tooOld } from '../../lib/sim/kubernetes/status';
import { createManualClock } from '../testing/sim/manual-clock';
import { startSim } from '../../lib/sim/sim';
import { randomScene, SCENES } from '../scenes';
import { decodeObject, decodeStatus, openEnvelope, readFrame } from './oracle';

/** Without what JSON omits and protobuf contains: empty texts, zeros, false, empty messages and unset times. */
function withoutZeros(value: unknown, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutZeros(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>).flatMap(([name, item]) => {
    const left = isMap || name === 'fieldsV1' ? item : withoutZeros(item, MAPS.has(name));
    const isEmpty = !isMap && (left === '' || left === 0 || left === false || left === null || isEmptyObject(left));
    return isEmpty || left === undefined ? [] : [[name, left]];
  });
  return Object.fromEntries(entries);
}
const MAPS = new Set(['labels', 'annotations', 'matchLabels', 'limits', 'requests', 'capacity', 'allocatable']);
const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

const scenes = [...SCENES.filter(({ name }) => name !== 'size'), ...[1, 2, 3, 4].map(() => randomScene())];

it.each(scenes.map((scene, index) => [scene.name, index + 1, scene] as const))('%s %i', async (_, seed, scene) => {
  const sim = await startSim({ scene, seed, clock: createManualClock() });
  try {
    sim.step(20);
    for (const resource of RESOURCES.filter(speaksProtobuf)) {
      const view = openResource(sim.state, resource, seed % 2 === 0);
      for (const entry of view?.sorted() ?? []) {
        const json = { ...view?.render(entry), apiVersion: undefined, kind: undefined };
        const { apiVersion, kind, raw } = openEnvelope(encodeObject(resource, json));
        expect({ apiVersion, kind }).toEqual({ apiVersion: groupVersion(resource), kind: resource.kind });
        expect(withoutZeros(decodeObject(resource.group, kind, raw))).toEqual(withoutZeros(json));
      }
    }
  } finally {
    await sim.stop();
  }
});

it('writes lists, events and errors', () => {
  const pods = RESOURCES.find(({ id }) => id === 'core/pods');
  if (pods === undefined) throw new Error('no pods');
  const items = ['a', 'b'].map((name) => () => ({ metadata: { name } }));
  const list = openEnvelope(
    encodeList(pods, { resourceVersion: '7', continue: 'more', remainingItemCount: 300 }, items),
  );
  expect(list.kind).toBe('PodList');
  expect(withoutZeros(decodeObject('', 'PodList', list.raw))).toEqual({
    metadata: { resourceVersion: '7', continue: 'more', remainingItemCount: 300 },
    items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }],
  });
  const frame = encodeEvent('ADDED', encodeObject(pods, { metadata: { name: 'a' } }));
  expect(frame.readUInt32BE()).toBe(frame.length - 4);
  const event = readFrame(frame.subarray(4));
  expect(event.type).toBe('ADDED');
  expect(withoutZeros(decodeObject('', 'Pod', openEnvelope(event.object).raw))).toEqual({ metadata: { name: 'a' } });
  for (const status of [tooOld(1, 5), forbidden('list', 'pods', '', null, 'x')]) {
    const { kind, apiVersion, ...rest } = status;
    const decoded = openEnvelope(encodeStatus(status));
    expect({ kind: decoded.kind, apiVersion: decoded.apiVersion }).toEqual({ kind, apiVersion });
    expect(withoutZeros(decodeStatus(decoded.raw))).toEqual(withoutZeros(rest));
  }
});
