// Builds Krew once, from its module, if Go is available, so that the manifest is tested with Krew itself.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildGo, keptAt, keyOf, orMissing, type Missing } from '../built';

const source = path.join(import.meta.dirname, 'krew');
const program = (): string =>
  keptAt(`krew-${keyOf(['go.mod', 'go.sum'].map((name) => path.join(source, name)))}`, 'kubectl-krew');

/** The program, or why it is missing. */
export const findKrew = (): string | Missing =>
  orMissing(program(), 'Krew is not built: npm run test:package builds it where Go 1.26 is on the PATH');

export const canBuildKrew = (): boolean => spawnSync('go', ['version']).status === 0;

if (process.argv[1] === import.meta.filename && !existsSync(program())) {
  if (canBuildKrew()) buildGo(program(), source, '-s -w', { CGO_ENABLED: '0' }, 'sigs.k8s.io/krew/cmd/krew');
  else console.log('Krew is not built: there is no Go here');
}
