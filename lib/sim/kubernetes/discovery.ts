/** Discovery documents with only the kinds that the cluster currently serves. */
import { groupVersion, type ResourceRow } from './resources';

const groupsOf = (served: readonly ResourceRow[]): Map<string, string[]> => {
  const groups = new Map<string, string[]>();
  for (const resource of served.filter(({ group }) => group !== '')) {
    const versions = groups.get(resource.group) ?? [];
    if (!versions.includes(resource.version)) versions.push(resource.version);
    groups.set(resource.group, versions);
  }
  return groups;
};

const groupDocument = (name: string, versions: readonly string[]): Record<string, unknown> => {
  const list = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: list, preferredVersion: list[0] };
};

/** The document at that path; null if there is none. `served`: what the API server currently serves. */
export function discover(
  path: string,
  served: readonly ResourceRow[],
  kubernetesVersion: string,
): Record<string, unknown> | null {
  if (path === '/version') {
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(kubernetesVersion) ?? [];
    return {
      major,
      minor,
      gitVersion: kubernetesVersion,
      gitCommit: '0'.repeat(40),
      gitTreeState: 'clean',
      buildDate: '2026-08-01T00:00:00Z',
      goVersion: 'go1.26.0',
      compiler: 'gc',
      platform: 'linux/amd64',
    };
  }
  if (path === '/api') {
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1' }],
    };
  }
  const groups = groupsOf(served);
  if (path === '/apis') {
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [...groups].map(([name, versions]) => groupDocument(name, versions)),
    };
  }
  const [, group] = /^\/apis\/([^/]+)$/.exec(path) ?? [];
  if (group !== undefined) {
    const versions = groups.get(group);
    return versions === undefined ? null : { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group, versions) };
  }
  const wanted = path === '/api/v1' ? 'v1' : path.replace(/^\/apis\//, '');
  const rows = served.filter((resource) => groupVersion(resource) === wanted);
  if (rows.length === 0 || !path.startsWith('/api')) return null;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: wanted,
    resources: rows.flatMap(resourceDocuments),
  };
}

function resourceDocuments(resource: ResourceRow): Record<string, unknown>[] {
  const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
  const main = {
    name: resource.resource,
    singularName: resource.kind.toLowerCase(),
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs,
    ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
  };
  if (resource.id !== 'core/pods') return [main];
  return [main, { name: 'pods/proxy', singularName: '', namespaced: true, kind: 'PodProxyOptions', verbs: ['get'] }];
}
