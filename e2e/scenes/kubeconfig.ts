/** A kubeconfig for the simulated cluster. */
import type { Sim } from '../../lib/sim/sim';

/** JSON is YAML: every Kubernetes client reads it. */
export function kubeconfigOf(sim: Pick<Sim, 'name' | 'kubernetesUrl' | 'token'>): string {
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': sim.name,
      clusters: [{ name: sim.name, cluster: { server: sim.kubernetesUrl } }],
      users: [{ name: 'sim', user: { token: sim.token } }],
      contexts: [{ name: sim.name, context: { cluster: sim.name, user: 'sim' } }],
    },
    null,
    2,
  )}\n`;
}
