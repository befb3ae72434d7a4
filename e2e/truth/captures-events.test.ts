/** What Events tell is found in a capture in either shape that they are served in, and not told where they were denied. */
import { describe, expect, it } from 'vitest';
import { events, WITHOUT_EVENTS } from './captures/events';
import { filesOf } from './captures/kit/files';
import { judge, readFiles } from './captures/kit/read';

describe('a capture with Events', () => {
  it.each(['v1', 'v1-aggregated', 'events.k8s.io/v1', 'events.k8s.io/v1-series'] as const)('as %s', async (shape) => {
    const cluster = events(shape);
    expect(judge(await readFiles(filesOf(cluster)), cluster.truth())).toEqual([]);
  });

  it('if denied, reports only what the objects themselves show', async () => {
    const cluster = events('v1');
    const [manifest, ...files] = filesOf(cluster).filter(({ path }) => !/events|said/.test(path));
    const sources = { 'kubernetes/events': { state: 'denied', reason: 'events is forbidden' } };
    const text = JSON.stringify({ ...(JSON.parse(manifest?.text ?? '') as object), sources });
    const told = cluster.truth().findings.filter(([rule]) => rule === 'max-pods-too-high');
    const truth = { ...cluster.truth(), findings: [...WITHOUT_EVENTS, ...told] };
    expect(judge(await readFiles([{ path: 'capture.json', text }, ...files]), truth)).toEqual([]);
  });
});
