import { describe, expect, it } from 'vitest';
import { normaliseNad } from './nad';

const metadata = { name: 'x', namespace: 'ns' };

describe('NetworkAttachmentDefinition', () => {
  it('keeps the parts of the config that are read', () => {
    const object = {
      metadata: { ...metadata, generation: 3, annotations: { 'k8s.v1.cni.cncf.io/resourceName': 'intel.com/sriov' } },
      spec: { config: '{"type": broken' },
    };
    expect(normaliseNad(object)).toMatchObject({
      key: 'ns/x',
      fact: { config: '{"": b', resourceName: 'intel.com/sriov', configAt: null, problems: [] },
    });
  });

  it.each([
    [{}, null, 0],
    [{ config: '' }, null, 0],
    [{ config: { type: 'ipvlan' } }, null, 1],
  ])('%j', (spec, config, problems) => {
    const fact = normaliseNad({ metadata, spec })?.fact;
    expect([fact?.config, fact?.problems.length]).toEqual([config, problems]);
  });

  const owner = (kind: string, controller = true) => ({ kind, name: 'fast', controller });
  it.each<[string, object, string | null]>([
    ['nobody', {}, null],
    ['its controller', { ownerReferences: [owner('SpiderMultusConfig')] }, 'SpiderMultusConfig fast'],
    ['the controller among several owners', { ownerReferences: [owner('ConfigMap', false), owner('Nad')] }, 'Nad fast'],
    ['an owner that is not a controller', { ownerReferences: [owner('ConfigMap', false)] }, null],
    [
      'the SR-IOV operator, of another namespace',
      { annotations: { 'sriovnetwork.openshift.io/owner-ref': 'SriovNetwork.sriovnetwork.openshift.io/sriov/fast' } },
      'SriovNetwork fast',
    ],
    ['an invalid text', { annotations: { 'sriovnetwork.openshift.io/owner-ref': 'fast' } }, null],
  ])('records its controller: %s', (_, more, expected) => {
    expect(normaliseNad({ metadata: { ...metadata, ...more }, spec: {} })?.fact.writtenFrom).toBe(expected);
  });

  const [MADE, EDITED, LABELLED] = ['2026-08-01T00:00:00Z', '2026-09-01T11:00:00Z', '2026-09-02T00:00:00Z'] as const;
  const manager = (time: string, fieldsV1: object) => ({ time, fieldsV1 });
  const config = { 'f:spec': { '.': {}, 'f:config': {} } };
  const applied = { 'f:metadata': { 'f:annotations': {} }, ...config };
  it.each<[string, object, string | null]>([
    ['no change since its creation', { generation: 1, managedFields: [manager(LABELLED, applied)] }, MADE],
    [
      'an edit of the config alone',
      { generation: 2, managedFields: [manager(MADE, applied), manager(EDITED, config)] },
      EDITED,
    ],
    [
      'the later of two edits',
      { generation: 3, managedFields: [manager(EDITED, config), manager(MADE, config)] },
      EDITED,
    ],
    ['a manager of more than the config', { generation: 2, managedFields: [manager(EDITED, applied)] }, null],
    [
      'another part of the spec',
      { generation: 2, managedFields: [manager(EDITED, { 'f:spec': { 'f:x': {} } })] },
      null,
    ],
    ['no managedFields, as kubectl prints it', { generation: 2 }, null],
    ['no generation', {}, null],
  ])('dates its config by %s', (_, more, expected) => {
    const made = { ...metadata, creationTimestamp: MADE, ...more };
    expect(normaliseNad({ metadata: made, spec: {} })?.fact.configAt).toBe(expected);
  });

  it('truncates a config longer than any API server stores', () => {
    const fact = normaliseNad({ metadata, spec: { config: 'x'.repeat(2 << 20) } })?.fact;
    expect(fact?.config).toBe('x');
    expect(fact?.problems).toHaveLength(1);
  });
});
