/** What ipamd's own list says of an ENI, beside what EC2 lists and pods hold. */
import { describe, expect, it } from 'vitest';
import type { IpamdEnisFact } from '../../model/facts';
import type { EniRecord } from '../../model/records';
import {
  AT,
  awsNode,
  engineOf,
  get,
  ipamdAddress,
  ipamdEni,
  ipamdEnis,
  iso,
  node,
  ownEni,
  pod,
  upsert,
} from '../../../e2e/testing/facts';

const HELD = '10.0.0.5';

function believed(
  list: IpamdEnisFact['enis'],
  { started = '2026-09-01T10:00:00Z', secondaryIps = [HELD] as readonly string[] } = {},
): EniRecord['ipamd'] {
  const engine = engineOf([
    upsert('node', node()),
    upsert('pod', awsNode()),
    upsert('eni', ownEni('eni-a', { primaryIp: '10.0.0.4', secondaryIps })),
    upsert('pod', pod('web', { ips: [HELD], startedAt: started })),
    upsert('ipamdEnis', ipamdEnis('n1', list)),
  ]);
  return get(engine, 'enis', 'eni-a').ipamd;
}

describe('an address that a live pod holds', () => {
  const idle = ipamdAddress(HELD);

  it('is taken when ipamd has it for nobody', () => {
    expect(believed([ipamdEni('eni-a', [idle])])).toMatchObject({ known: true, assigned: 0, taken: [HELD] });
  });

  it('is taken when ipamd has the ENI and not the address', () => {
    expect(believed([ipamdEni('eni-a', [])])).toMatchObject({ taken: [HELD], missing: [HELD] });
  });

  it('is taken when ipamd has the ENI and not the prefix that it is in', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode({ ENABLE_PREFIX_DELEGATION: 'true' })),
      upsert('eni', ownEni('eni-a', { primaryIp: '10.0.0.4', secondaryIps: [], ipv4Prefixes: ['10.0.0.0/28'] })),
      upsert('pod', pod('web', { ips: [HELD] })),
      upsert('ipamdEnis', ipamdEnis('n1', [ipamdEni('eni-a', [])])),
    ]);
    expect(get(engine, 'enis', 'eni-a').ipamd).toMatchObject({ taken: [HELD], missing: ['10.0.0.0/28'] });
  });

  it('is taken when ipamd does not know the ENI', () => {
    expect(believed([])).toMatchObject({ known: false, addresses: 0, taken: [HELD] });
  });

  it('is not when ipamd has given it out', () => {
    const assigned = { ...idle, assigned: true, podNamespace: 'default', podName: 'web' };
    expect(believed([ipamdEni('eni-a', [assigned])])).toMatchObject({ assigned: 1, taken: [], unheld: [] });
  });

  it('is not told of a pod that started after the list was read', () => {
    expect(believed([ipamdEni('eni-a', [idle])], { started: iso(AT + 1_000) })).toMatchObject({ taken: [] });
  });

  it('is not one of this ENI when EC2 does not list it there', () => {
    expect(believed([ipamdEni('eni-a', [])], { secondaryIps: [] })).toMatchObject({ taken: [] });
  });
});

it('an address that ipamd has given out and no pod holds is unheld, with the pod that ipamd names', () => {
  const gone = ipamdAddress('10.0.0.6', { assigned: true, podNamespace: 'shop', podName: 'gone' });
  const held = ipamdAddress(HELD, { assigned: true });
  expect(believed([ipamdEni('eni-a', [held, gone])], { secondaryIps: [HELD, '10.0.0.6'] })).toMatchObject({
    assigned: 2,
    unheld: ['10.0.0.6'],
    unheldBy: ['shop/gone'],
  });
});

it('the ENI’s own address is extra: EC2 does not list it for pods', () => {
  const listed = ipamdEni('eni-a', [ipamdAddress(HELD, { assigned: true }), ipamdAddress('10.0.0.4')]);
  expect(believed([listed])).toMatchObject({ extra: ['10.0.0.4'], missing: [] });
});

it('an address that EC2 does not list is extra', () => {
  const listed = ipamdEni('eni-a', [ipamdAddress(HELD, { assigned: true }), ipamdAddress('10.0.0.9')]);
  expect(believed([listed])).toMatchObject({ extra: ['10.0.0.9'], missing: [] });
});
