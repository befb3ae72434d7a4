import { eni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';
const offers = (efa: number) => node({ allocatable: { 'vpc.amazonaws.com/efa': efa } });
const efa = (id: string, card: number, interfaceType = 'efa-only') => eni(id, { card, deviceIndex: 1, interfaceType });
const two = [eni('eni-a', { interfaceType: 'efa' }), efa('eni-b', 1)];

cases('efa-count-differs', [
  {
    name: 'more than EC2 has: other devices are counted as EFA',
    records: [offers(4), ...two],
    subjects: [NODE],
    severity: 'warning',
    says: /^Offers 4 EFA devices, and has 2[^]*Upgrade the EFA device plugin/,
    commands: /^kubectl get node n1 /,
  },
  {
    name: 'fewer than EC2 has: counted before they were attached',
    records: [offers(1), ...two],
    subjects: [NODE],
    says: /^Offers 1 EFA device, and has 2[^]*Restart the pod of the EFA device plugin/,
  },
  { name: 'offered, but EC2 has none', records: [offers(1), eni()], subjects: [NODE] },
  { name: 'as many', records: [offers(2), ...two], subjects: [] },
  { name: 'guard: none offered: the driver of a claim may offer them', records: [node(), ...two], subjects: [] },
  { name: 'guard: no ENI of the node is known', records: [offers(2)], subjects: [] },
  { name: 'guard: none allocated', records: [offers(0), ...two], subjects: [] },
]);
