import { describe, expect, test } from 'vitest';
import { rankNetworks } from '../../view/network-colours';
import { createCluster } from '../../../e2e/testing/layout';
import type { Mark } from '../picture/mark';
import { spansWidth } from '../picture/text';
import { focusPicture } from './focus';
import { besidePath, layoutFocus, middleOf, type FocusLayout } from './focus-layout';

const NODE = 'ip-10-0-1-17.internal';

function layoutAt(width: number): FocusLayout {
  const made = createCluster()
    .network('core', 'n6')
    .node(NODE)
    .node('ip-10-0-1-18.internal')
    .card(NODE, 0)
    .eni(NODE, { id: 'eni-0aaaaaaaaaaaaaa01', states: 'pa', net: '10.0.1' });
  for (let index = 0; index < 4; index++) {
    made.pod(NODE, 'core', `upf-${index}`);
    for (const name of ['eth0', 'net1', 'net2'])
      made.iface('core', `upf-${index}`, name, {
        network: name === 'eth0' ? 'cluster' : `net:core/a-network-with-a-long-name-${name}`,
        state: 'requested',
      });
  }
  made
    .pod(NODE, 'core', 'amf', { ips: ['10.0.1.11'] })
    .iface('core', 'amf', 'eth0', { ip: '10.0.1.11', eni: 'eni-0aaaaaaaaaaaaaa01', card: 0 });
  const source = made.build();
  const layout = layoutFocus(source, rankNetworks(source), `node:${NODE}`, width);
  if (layout === null) throw new Error('the node is in the cluster');
  return layout;
}

const marksAt = (width: number): readonly Mark[] => focusPicture(layoutAt(width)).marks;

describe('the link diagram', () => {
  test.each([480, 512, 700, 980, 1060, 1200, 1400, 1700])('has a heading without overlaps at %d px', (width) => {
    const marks = marksAt(width);
    const texts = marks.flatMap((mark) => {
      if (mark.kind !== 'text' || !/^focus-(title|legend)$/.test(mark.part)) return [];
      const wide = spansWidth(mark.spans, mark.size);
      return [{ y: mark.y, left: mark.anchor === 'end' ? mark.x - wide : mark.x, wide, words: mark.spans[0]?.text }];
    });
    expect(texts.length).toBeGreaterThan(4);
    for (const a of texts) {
      expect(a.left, a.words).toBeGreaterThanOrEqual(0);
      for (const b of texts)
        if (a !== b && Math.abs(a.y - b.y) < 12 && a.left <= b.left)
          expect(a.left + a.wide, `${a.words} | ${b.words}`).toBeLessThanOrEqual(b.left);
    }
  });

  test.each([480, 560, 832, 979])('fits a window of %d px with every address in it', (width) => {
    expect(layoutAt(width).width).toBe(width);
    const texts = marksAt(width).filter((mark) => mark.kind === 'text');
    for (const { x, anchor, spans, size, rotate } of texts) {
      // A card's text is vertical.
      const wide = rotate === undefined ? spansWidth(spans, size) : size;
      const left = anchor === 'end' ? x - wide : anchor === 'middle' ? x - wide / 2 : x;
      expect(left, spans[0]?.text).toBeGreaterThanOrEqual(0);
      expect(left + wide, spans[0]?.text).toBeLessThanOrEqual(width);
    }
    expect(texts.some(({ spans }) => spans[0]?.text === '10.0.1.11')).toBe(true);
  });

  test.each([480, 640, 832])('shortened names of pods differ (%d px)', (width) => {
    const names = [
      'gateway-red-7c9d4f6b8-x',
      'gateway-blue-7c9d4f6b8-x',
      'upf-7c9d4f6b8f-x2kqp',
      'upf-7c9d4f6b8f-w8r2q',
    ];
    const made = createCluster().node(NODE).card(NODE, 0);
    for (const name of names) made.pod(NODE, 'core', name).iface('core', name, 'eth0', { ip: '10.0.1.11', card: 0 });
    // The same name in two namespaces.
    for (const namespace of ['blue', 'red'])
      made.pod(NODE, namespace, 'web-0').iface(namespace, 'web-0', 'eth0', { ip: '10.0.1.12', card: 0 });
    const source = made.build();
    const layout = layoutFocus(source, rankNetworks(source), `node:${NODE}`, width);
    const labels = layout?.pods.map(({ label }) => label) ?? [];
    expect(labels).toHaveLength(names.length + 2);
    expect(new Set(labels).size).toBe(names.length + 2);
  });

  test('counts the networks that its legend has no room for', () => {
    const words = marksAt(980).flatMap((mark) =>
      mark.kind === 'text' && mark.part === 'focus-legend' ? mark.spans.map(({ text }) => text) : [],
    );
    expect(words.some((text) => /^\+\d more$/.test(text))).toBe(true);
  });

  test.each([1100, 1900])('has labels on broken links that do not overlap and are not empty (%d px)', (width) => {
    const marks = marksAt(width);
    const labels = marks.filter((mark) => mark.kind === 'rect' && mark.part === 'focus-broken');
    const icons = marks.filter((mark) => mark.kind === 'icon' && mark.part === 'focus-broken' && mark.icon === 'error');
    // Narrow: every row has an icon and none a label. Wide: an icon appears only where no neighbour's label would cover
    // it.
    if (width === 1100) expect([icons.length, labels.length]).toEqual([12, 0]);
    else expect(labels.length).toBeGreaterThan(2);
    const tops = labels.map((mark) => (mark.kind === 'rect' ? mark.y : NaN)).sort((a, b) => a - b);
    tops.slice(1).forEach((top, index) => expect(top - (tops[index] ?? 0)).toBeGreaterThanOrEqual(37));
    for (const label of labels)
      expect(marks.some((mark) => mark.kind === 'text' && mark.part === 'focus-broken' && mark.id === label.id)).toBe(
        true,
      );
  });

  test('shows the tooltip of a link next to it: below the pod’s rows, or on the side of the ENI without the link', () => {
    const layout = layoutAt(1400);
    const id = 'if:core/amf/eth0';
    const row = layout.rowOf.get(id);
    const slot = layout.eniOf.get(id)?.slots.get(id);
    if (row === undefined || slot === undefined) throw new Error('the interface has a wire');
    const atPod = besidePath(layout, id, false);
    expect(atPod?.below).toBe(true);
    expect((atPod?.rect.y ?? 0) + (atPod?.rect.h ?? 0)).toBeGreaterThan(row.y);
    expect((atPod?.rect.x ?? 0) + (atPod?.rect.w ?? 0)).toBeLessThanOrEqual(layout.columns.interfacesEnd);
    expect(besidePath(layout, id, true)?.below).toBe(row.y <= middleOf(slot));
    expect(besidePath(layout, 'if:not/here/eth0', true)).toBeNull();
  });
});

test.each([480, 512, 600, 832, 1060, 1400])('truncates no word of an ENI, a card or the title (%d px)', (width) => {
  const subnet = 'subnet-00af055936d68e763';
  const made = createCluster()
    .node(NODE, { instanceType: 'm5.4xlarge', zone: 'eu-west-1a', ready: true })
    .card(NODE, 0, {
      performance: 'Up to 10 Gigabit',
      eniSlots: { used: 4, limit: 8, free: 4, unmanaged: 1, reserved: 0 },
    })
    .eni(NODE, { id: 'eni-0aaaaaaaaaaaaaa01', states: 'pawwwwwwwwwwww', deviceIndex: 0, capacity: 29, subnet })
    .eni(NODE, {
      id: 'eni-0aaaaaaaaaaaaaa02',
      states: 'pa',
      deviceIndex: 1,
      capacity: 29,
      subnet,
      management: { state: 'unmanaged', rule: 'no-manage-tag', certainty: 'observed', observed: true },
    });
  for (let index = 0; index < 12; index++) made.pod(NODE, 'kube-system', `agent-${index}`, { hostNetwork: true });
  for (let index = 0; index < 3; index++)
    made.pod(NODE, 'core', `upf-${index}`).iface('core', `upf-${index}`, 'net1', { state: 'requested' });
  const source = made.build();
  const layout = layoutFocus(source, rankNetworks(source), `node:${NODE}`, width);
  const marks = layout === null ? [] : focusPicture(layout).marks;
  const texts = marks.flatMap((mark) =>
    mark.kind === 'text' && /^focus-(eni|card|title|host|heading)/.test(mark.part)
      ? [mark.spans.map(({ text }) => text).join('')]
      : [],
  );
  for (const text of texts) expect(text).not.toMatch(/…$/);
  const all = texts.join('\n');
  for (const word of ['no_manage', '1/29', '12 warm', 'card 0', '4 of 8 ENIs', 'host', '12'])
    expect(all).toContain(word);
});

test.each([1184, 1408])('at %d px, names the rule that found a broken link, and its network', (width) => {
  const made = createCluster().network('core', 'n6').node(NODE).card(NODE, 0).pod(NODE, 'core', 'upf-0');
  made.iface('core', 'upf-0', 'eth0', { network: 'cluster', state: 'requested' });
  made.iface('core', 'upf-0', 'net1', { network: 'net:core/n6', state: 'requested' });
  const detail = 'no such NetworkAttachmentDefinition';
  const source = made
    .finding('error', 'network-missing', ['pod:core/upf-0', 'net:core/n6'], 'Names a network', detail)
    .build();
  const layout = layoutFocus(source, rankNetworks(source), `node:${NODE}`, width);
  if (layout === null) throw new Error('the node is in the cluster');
  const said = focusPicture(layout).marks.flatMap((mark) =>
    mark.kind === 'text' && mark.part === 'focus-broken' ? [mark] : [],
  );
  expect(said.map(({ spans: [first] }) => first?.text)).toEqual([
    expect.stringContaining('core/n6'),
    expect.stringMatching(/^network-missing/),
  ]);
  for (const { x, spans, size } of said) expect(x + spansWidth(spans, size)).toBeLessThan(layout.columns.enis);
});

test('ENIs that were not read are not counted as zero', () => {
  const headings = (state: 'absent' | 'live') => {
    const source = createCluster()
      .source('ec2/network-interfaces', state, state === 'live' ? '2026-11-21T06:00:00Z' : null)
      .node(NODE)
      .pod(NODE, 'core', 'amf', { ips: ['10.0.1.11'] })
      .iface('core', 'amf', 'eth0', { ip: '10.0.1.11' })
      .build();
    const layout = layoutFocus(source, rankNetworks(source), `node:${NODE}`, 1600);
    const marks = layout === null ? [] : focusPicture(layout).marks;
    return marks.flatMap((mark) =>
      mark.kind === 'text' && mark.part === 'focus-heading' ? [mark.spans.map(({ text }) => text).join('')] : [],
    );
  };
  expect(headings('absent').slice(2)).toEqual(['ENIs  not known', 'Cards  not known']);
  expect(headings('live').slice(2)).toEqual(['ENIs  0 of 0', 'Network cards  0']);
});

test('groups interfaces without a known ENI by reason, with their number', () => {
  const made = createCluster()
    .network('core', 'n6')
    .node(NODE)
    .pod(NODE, 'core', 'amf', { ips: ['10.9.0.1'] });
  made.iface('core', 'amf', 'eth0', {
    ip: '10.9.0.1',
    addresses: [{ ip: '10.9.0.1', backed: 'not-applicable', family: 4, eni: null }],
  });
  for (const name of ['net1', 'net2']) made.iface('core', 'amf', name, { network: 'net:core/n6', ip: '10.6.0.1' });
  const source = made.build();
  const layout = layoutFocus(source, rankNetworks(source), `node:${NODE}`, 1600);
  const marks = layout === null ? [] : focusPicture(layout).marks;
  const words = marks.flatMap((mark) =>
    mark.kind === 'text' && /^focus-eni-(title|words)$/.test(mark.part)
      ? [mark.spans.map(({ text }) => text).join('')]
      : [],
  );
  expect(words).toEqual(['no known ENI', 'ENI not known × 2', 'stays on the node × 1']);
});
