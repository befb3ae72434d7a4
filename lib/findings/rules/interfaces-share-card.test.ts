import { card, cni, face, foreignEni, node, pod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const POD = 'pod:core/p1';

const cards4 = (managed: boolean) => [card(0), card(1, { managed }), card(2, { managed }), card(3, { managed })];

const multi = {
  cni: cni({ multiNic: true }),
  multus: null,
  limits: {
    enisPerCard: 15,
    ipv4PerEni: 50,
    cards: 4,
    maxBranchEnis: 62,
    trunkCompatible: true,
    source: 'ec2' as const,
    maxPodsByFormula: 737,
  },
};

const onCard = (name: string, on: string, index: number) => face(name, { eni: on, card: index });

cases('interfaces-share-card', [
  {
    name: 'two ENIs, one card of four',
    records: [
      node(multi),
      ...cards4(true),
      foreignEni(),
      pod(),
      onCard('net1', 'eni-a', 1),
      onCard('net2', 'eni-b', 1),
    ],
    subjects: [POD],
  },
  {
    name: 'one ENI under both',
    records: [node(multi), ...cards4(true), pod(), onCard('net1', 'eni-a', 1), onCard('net2', 'eni-a', 1)],
    subjects: [POD],
  },
  {
    name: 'two cards',
    records: [node(multi), ...cards4(true), pod(), onCard('net1', 'eni-a', 1), onCard('net2', 'eni-b', 2)],
    subjects: [],
  },
  {
    name: 'a single-card node',
    records: [node(), card(), pod(), onCard('net1', 'eni-a', 0), onCard('net2', 'eni-b', 0)],
    subjects: [],
  },
]);
