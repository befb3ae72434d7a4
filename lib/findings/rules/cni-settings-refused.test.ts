import { cni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WHY = 'ENABLE_IPv4 and ENABLE_IPv6 are both true, and exactly one must be true';
const at = (ready: boolean, refused: readonly string[]) =>
  node({ ready, ipamd: { ready, version: 'v1.23.1' }, cni: cni({ refused }) });

cases('cni-settings-refused', [
  {
    name: 'aws-node is not Ready, and its settings explain it',
    records: [at(false, [WHY])],
    subjects: ['node:n1'],
    severity: 'error',
    says: /exits at startup because ENABLE_IPv4 and ENABLE_IPv6 are both true/,
  },
  { name: 'it runs: it was started with other settings', records: [at(true, [WHY])], subjects: [] },
  { name: 'the settings are valid', records: [at(false, [])], subjects: [] },
  {
    name: 'guard: no aws-node runs there',
    records: [node({ ipamd: null, cni: cni({ refused: [WHY] }) })],
    subjects: [],
  },
]);
