import { describe, expect, it } from 'vitest';
import type { AttachmentRecord, InterfaceRecord } from '../model/records';
import { anAttachment, anInterface } from '../../e2e/testing/records';
import { matrixCells, matrixWords } from './network-matrix';

const map = <T extends { readonly id: string }>(records: readonly T[]): ReadonlyMap<string, T> =>
  new Map(records.map((record) => [record.id, record]));

const wordsOf = (interfaces: readonly InterfaceRecord[], attachments: readonly AttachmentRecord[]) =>
  matrixCells({ interfaces: map(interfaces), attachments: map(attachments) }).map((cell) => [
    cell.node,
    cell.network,
    matrixWords(cell),
  ]);

const on = (id: string, more: Partial<InterfaceRecord> = {}): InterfaceRecord => ({
  ...anInterface('default', id, 'net1'),
  node: 'node:n1',
  network: 'net:core/n4',
  state: 'reported',
  ...more,
});
const carried = (more: Partial<AttachmentRecord>): AttachmentRecord => ({
  ...anAttachment('n1', 'core', 'n4'),
  ...more,
});

describe('networks by node', () => {
  it.each([
    ['observed', { eni: 'eni-0d3e9f1c2b3a4d544', certainty: 'observed' }, 'eni-0d3e…44 × 1'],
    ['inferred', { eni: 'eni-0d3e9f1c2b3a4d544', certainty: 'inferred' }, '~eni-0d3e…44 × 1'],
    ['a host NIC', { hostNic: 'nic:n1/ens6', certainty: 'observed' }, 'ens6 × 1'],
    ['two candidates', { candidates: ['eni-1', 'eni-2'], certainty: 'unknown' }, 'one of 2 × 1'],
    ['nothing known', { certainty: 'unknown' }, 'no known link × 1'],
  ] as const)('%s', (_what, attachment, words) => {
    expect(wordsOf([on('a')], [carried(attachment)])).toEqual([['node:n1', 'net:core/n4', words]]);
  });

  it('counts missing interfaces, and names no unused carrier', () => {
    const carrier = carried({ eni: 'eni-1', certainty: 'observed' });
    expect(wordsOf([on('a', { state: 'requested' })], [carrier])).toEqual([['node:n1', 'net:core/n4', '1 missing']]);
    expect(wordsOf([on('a', { state: 'requested' }), on('b')], [carrier])).toEqual([
      ['node:n1', 'net:core/n4', '1 missing · eni-1 × 1'],
    ]);
  });

  it('omits the cluster network and device classes', () => {
    expect(wordsOf([on('a', { network: 'cluster' }), on('b', { network: 'class:nics' })], [])).toEqual([]);
  });
});
