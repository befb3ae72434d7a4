/** A kubeconfig for the simulated cluster. */
import type { Sim } from '../../lib/sim/sim';

/** JSON is YAML: every Kubernetes client reads it. `others`: further API servers, by the context that names them. */
export function kubeconfigOf(
  { name, kubernetesUrl, token }: Pick<Sim, 'name' | 'kubernetesUrl' | 'token'>,
  others: Readonly<Record<string, string>> = {},
): string {
  const servers = Object.entries({ ...others, [name]: kubernetesUrl });
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: servers.map(([cluster, server]) => ({ name: cluster, cluster: { server } })),
      users: [{ name: 'sim', user: { token } }],
      contexts: servers.map(([cluster]) => ({ name: cluster, context: { cluster, user: 'sim' } })),
    },
    null,
    2,
  )}\n`;
}
