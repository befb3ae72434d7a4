import { describe, expect, it } from 'vitest';
import { FACTS } from '../../model/schema/facts/kinds';
import * as sourceIds from '../../model/source-ids';
import { AWS_NODE_CHECKPOINT, AWS_NODE_ENIS, AWS_NODE_METRICS } from '../aws-node/rows';
import { EC2_CALLS } from '../ec2/calls';
import { KINDS } from './kinds';

describe('the kinds table', () => {
  it('gives every row a unique ID', () => {
    const ids = KINDS.map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reports every row to the source of its resource', () => {
    for (const row of KINDS) {
      expect(row.source).toBe(`kubernetes/${row.resource}`);
      expect(row.id === row.source || row.id.startsWith(`${row.source}/`)).toBe(true);
    }
  });

  it('has a row for every Kubernetes source that a statement may depend on', () => {
    const named = Object.values(sourceIds).filter((id) => id.startsWith('kubernetes/'));
    expect(named.filter((id) => !KINDS.some(({ source }) => source === id))).toEqual([]);
  });

  it('covers every kind of fact, each with one source except workloads', () => {
    const sources = new Map<string, Set<string>>(Object.keys(FACTS).map((kind) => [kind, new Set()]));
    for (const { factKind, source } of KINDS) sources.get(factKind)?.add(source);
    for (const { factKind, id } of [...EC2_CALLS, AWS_NODE_METRICS, AWS_NODE_ENIS, AWS_NODE_CHECKPOINT])
      sources.get(factKind)?.add(id);
    expect([...sources].filter(([, of]) => of.size !== 1).map(([kind]) => kind)).toEqual(['workload']);
  });

  it('requires nodes and pods, nothing else', () => {
    expect(KINDS.filter((row) => row.required).map((row) => row.id)).toEqual(['kubernetes/nodes', 'kubernetes/pods']);
  });

  it('never reads Secrets or ConfigMaps', () => {
    for (const row of KINDS) {
      expect(['secrets', 'configmaps']).not.toContain(row.resource);
    }
  });

  it('watches events one reason at a time', () => {
    for (const row of KINDS.filter((one) => one.kind === 'Event')) {
      expect(row.fieldSelector).toBe(`reason=${row.id.slice('kubernetes/events/'.length)}`);
    }
  });

  it('names the resource as the API does: lower case, from its kind', () => {
    for (const row of KINDS) {
      expect(row.resource).toMatch(/^[a-z-]+$/);
      const plain = row.resource.replaceAll('-', '');
      const kind = row.kind.toLowerCase();
      expect([`${kind}s`, `${kind}es`, `${kind.replace(/y$/, '')}ies`]).toContain(plain);
    }
  });
});
