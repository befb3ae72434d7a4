import { describe, expect, it } from 'vitest';
import { createCluster } from '../../../e2e/testing/layout';
import { rankNetworks } from '../../view/network-colours';
import { focusNeighbour, focusPlaceOf } from './focus-neighbour';
import { layoutFocus } from './focus-layout';

const NODE = 'ip-10-0-1-17.internal';
const FIRST = 'eni-0aaaaaaaaaaaaaa01';
const SECOND = 'eni-0aaaaaaaaaaaaaa02';

function made() {
  const source = createCluster()
    .network('core', 'n6')
    .node(NODE)
    .card(NODE, 0)
    .eni(NODE, { id: FIRST, deviceIndex: 0, states: 'paa', net: '10.0.1' })
    .eni(NODE, { id: SECOND, deviceIndex: 1, states: 'pa', net: '10.6.0' })
    .pod(NODE, 'core', 'amf')
    .iface('core', 'amf', 'eth0', { ip: '10.0.1.11', eni: FIRST, card: 0 })
    .iface('core', 'amf', 'net1', { network: 'net:core/n6', ip: '10.6.0.11', eni: SECOND, card: 0 })
    .pod(NODE, 'core', 'smf')
    .iface('core', 'smf', 'eth0', { ip: '10.0.1.12', eni: FIRST, card: 0 })
    .build();
  const layout = layoutFocus(source, rankNetworks(source), `node:${NODE}`, 1200);
  if (layout === null) throw new Error('the node is in the cluster');
  return layout;
}

describe('the link diagram by keyboard', () => {
  const layout = made();
  const amf0 = 'if:core/amf/eth0';
  const amf1 = 'if:core/amf/net1';
  const smf0 = 'if:core/smf/eth0';

  it.each([
    ['enters at the first interface', null, 'down', amf0],
    ['down a column', amf0, 'down', amf1],
    ['over the edge of a pod', amf1, 'down', smf0],
    ['up again', smf0, 'up', amf1],
    ['along the wire to the ENI', amf1, 'right', SECOND],
    ['not to the ENI at the same height', smf0, 'right', FIRST],
    ['from the ENI to its card', SECOND, 'right', `card:${NODE}/0`],
    ['back to an interface of the ENI', SECOND, 'left', amf1],
    ['from an interface to its pod', amf1, 'left', 'pod:core/amf'],
    ['from one ENI to the next', FIRST, 'down', SECOND],
    ['stops at the left edge', 'pod:core/amf', 'left', undefined],
    ['stops at the lower edge', smf0, 'down', undefined],
    ['stops at the right edge', `card:${NODE}/0`, 'right', undefined],
  ] as const)('%s', (_, from, direction, to) => {
    expect(focusNeighbour(layout, from, direction)?.id).toBe(to);
  });

  it('finds the place of a record, and none for a record outside the diagram', () => {
    expect(focusPlaceOf(layout, FIRST)?.rect.w).toBeGreaterThan(0);
    expect(focusPlaceOf(layout, 'pod:core/none')).toBeNull();
  });
});
