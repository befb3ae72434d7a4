import { answerText } from '../../../e2e/testing/queries';
import { expect, it } from 'vitest';
import { eni, face, foreignEni, node, pod, world } from '../../../e2e/testing/findings';
import type { ViewSource } from '../view-source';
import { tableCsv } from './table-csv';

const csvOf = (source: ViewSource, query: string, cluster = source.cluster): string => {
  const { table, problem } = answerText(source, query);
  if (table === null) throw new Error(problem);
  return tableCsv(table, cluster);
};
const rows = (text: string): string[] => text.split('\r\n');

it('is a header and one line per interface, in natural order, with unknown values empty', () => {
  const source = world([node(), eni(), foreignEni(), face('net10', { eni: null, ips: [] }), face('net9')]);
  const text = csvOf(source, '', { ...source.cluster, demo: true });
  expect(rows(text)).toEqual([
    'cluster,namespace,pod,interface,network,state,addresses,mac,eni,device,card,host_nic,node,zone,backed,link_rule,link_certainty,evidence,labels',
    'test (demo data),core,p1,net9,core/ipvlan-a,reported,10.6.0.14,,eni-0000000000000000f,1,0,,n1,eu-west-1a,eni,secondary-ip,observed,EC2 has the address on that ENI,',
    'test (demo data),core,p1,net10,core/ipvlan-a,reported,,,,,,,n1,eu-west-1a,,secondary-ip,observed,EC2 has the address on that ENI,',
    '',
  ]);
});

it.each([
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['a,b', '"a,b"'],
  ['@x', "'@x"],
])('a hostile name %j stays text', (hostile, written) => {
  const text = csvOf(world([face('net1', { name: hostile })]), '');
  expect(rows(text)[1]).toContain(`test,core,p1,${written},`);
});

it('lists the requested kind, filtered', () => {
  const source = world([node(), eni(), foreignEni()]);
  const [header, ...lines] = rows(csvOf(source, 'eni managed:no'));
  expect(header?.split(',').slice(0, 9).join()).toBe('cluster,eni,node,card,device,host_device,role,managed,why');
  expect(lines.map((line) => line.split(',')[1])).toEqual(['eni-0000000000000000f', undefined]);
});

it('has the labels of pods in one cell; null is empty', () => {
  const labels = { app: 'web', 'example.com/a,b': '=1' };
  const source = world([pod('p1', { labels }), pod('p2', { labels: null }), face('net1')]);
  expect(rows(csvOf(source, 'pod'))[0]?.split(',')).toContain('labels');
  expect(rows(csvOf(source, 'pod pod:p1'))[1]).toContain('"app=web example.com/a,b==1"');
  expect(rows(csvOf(source, 'interface'))[1]).toMatch(/,"app=web example.com\/a,b==1"$/);
});
