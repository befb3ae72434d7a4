import { expect, it } from 'vitest';
import { eni, face, foreignEni, node, world } from '../../e2e/testing/findings';
import { interfacesCsv } from './interfaces-csv';

const rows = (text: string): string[] => text.split('\r\n');

it('is a header and one line per interface, in natural order, with unknown values empty', () => {
  const { records, cluster } = world([
    node(),
    eni(),
    foreignEni(),
    face('net10', { eni: null, ips: [] }),
    face('net9'),
  ]);
  const text = interfacesCsv(records, { ...cluster, demo: true });
  expect(rows(text)).toEqual([
    'cluster,namespace,pod,interface,network,state,addresses,mac,eni,device,card,host_nic,node,zone,backed,link_rule,link_certainty,evidence',
    'test (demo data),core,p1,net9,core/ipvlan-a,reported,10.6.0.14,,eni-0000000000000000f,1,0,,n1,eu-west-1a,eni,secondary-ip,observed,EC2 has the address on that ENI',
    'test (demo data),core,p1,net10,core/ipvlan-a,reported,,,,,,,n1,eu-west-1a,,secondary-ip,observed,EC2 has the address on that ENI',
    '',
  ]);
});

it.each([
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['a,b', '"a,b"'],
  ['@x', "'@x"],
])('a hostile name %j stays text', (hostile, written) => {
  const { records, cluster } = world([face('net1', { name: hostile })]);
  const text = interfacesCsv(records, cluster);
  expect(rows(text)[1]).toContain(`test,core,p1,${written},`);
});
