/** Each change of a source's state is one line; changes at the same time with the same reason are one line as well. */
import { expect, it } from 'vitest';
import { aSource } from '../../../e2e/testing/records';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import type { SourceRecord } from '../../model/records';
import { Store } from '../store/store';
import { logSources } from './log-sources';

function logged() {
  const store = new Store({ epoch: 'e', clock: createFakeClock() });
  const lines: string[] = [];
  logSources(store, (level, message, fields) => lines.push(`${level} ${message} ${JSON.stringify(fields)}`));
  const known = new Set<string>();
  return (...sources: readonly SourceRecord[]): readonly string[] => {
    const put = sources.filter(({ id }) => !known.has(id));
    const patch = sources.flatMap(({ id, state, reason }) => (known.has(id) ? [{ id, set: { state, reason } }] : []));
    for (const { id } of sources) known.add(id);
    store.commit({ tables: { sources: { put, patch, drop: [] } } });
    return lines.splice(0);
  };
}

const EC2 = ['ec2/instances', 'ec2/network-interfaces', 'ec2/subnets'];
const all = (state: SourceRecord['state'], reason: string | null): SourceRecord[] =>
  EC2.map((id) => aSource(id, state, { reason }));

it('logs one line for sources that fail together, and one when they recover', () => {
  const commit = logged();
  expect(commit(...all('starting', null))).toEqual([]);
  expect(commit(...all('failing', 'no AWS credentials'))).toEqual([
    `warn ${EC2.join(', ')} are failing: no AWS credentials ${JSON.stringify({ sources: EC2, state: 'failing', reason: 'no AWS credentials' })}`,
  ]);
  expect(commit(...all('failing', 'no AWS credentials'))).toEqual([]);
  expect(commit(...all('live', null))).toEqual([
    `info ${EC2.join(', ')} are live ${JSON.stringify({ sources: EC2, state: 'live', reason: null })}`,
  ]);
});

it('logs separate lines for other reasons and states', () => {
  const commit = logged();
  const sources = EC2.map((id) => aSource(id, 'denied', { reason: `not allowed: ${id}` }));
  expect(commit(...sources, aSource('kubernetes/pods', 'live'))).toEqual([
    ...EC2.map((id) => expect.stringContaining(`warn ${id} is denied: not allowed: ${id} `) as string),
    expect.stringContaining('info kubernetes/pods is live ') as string,
  ]);
});
