/** P8 (multus.md §2.4, §6): the node lacks the binary of a CNI plugin. */
import { nodeOf, signalsOf } from '../guards';
import { defineRule } from '../rule';

const MISSING = /failed to find plugin "([^"]+)" in path \[([^\]]*)\]/;

export default defineRule({
  id: 'plugin-binary-missing',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods'],
  check(node, context) {
    if (node.gone || node.deleting) return [];
    const pods = new Map<string, string[]>();
    const paths = new Map<string, string>();
    for (const id of context.replica.indexes.podsByNode.get(node.id) ?? []) {
      const pod = context.replica.records.pods.get(id);
      if (!pod || pod.ips.length > 0 || pod.deleting || nodeOf(context, pod.node) === null) continue;
      for (const { text } of signalsOf(context, id, 'FailedCreatePodSandBox')) {
        const [, plugin, path] = MISSING.exec(text) ?? [];
        if (plugin === undefined) continue;
        pods.set(plugin, [...(pods.get(plugin) ?? []), id]);
        paths.set(plugin, path ?? '');
      }
    }
    return [...pods]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([plugin, waiting]) => ({
        subjects: [node.id, ...waiting.sort().slice(0, 10)],
        title: `CNI plugin ${plugin} is not installed here`,
        detail: `${node.name} has no binary “${plugin}” in ${paths.get(plugin) ?? 'the CNI folder'}; ${waiting.length} ${waiting.length === 1 ? 'pod waits' : 'pods wait'} for it.`,
        evidence: [
          `event FailedCreatePodSandBox: failed to find plugin "${plugin}" in path [${paths.get(plugin) ?? ''}]`,
        ],
        advice: 'Install the CNI plugins on the node image, or run the DaemonSet that brings this one.',
      }));
  },
});
