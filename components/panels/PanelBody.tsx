/** The panel of a record, by kind: for the details panel and for the record's own page. */
import type { ReactNode } from 'react';
import type { Selected } from '../../lib/view/selection';
import { CardPanel } from './CardPanel';
import { EniPanel } from './EniPanel';
import { FindingPanel } from './FindingPanel';
import { HostNicPanel } from './HostNicPanel';
import { IpPoolPanel } from './IpPoolPanel';
import { NetworkPanel } from './NetworkPanel';
import { NodePanel } from './NodePanel';
import { PodPanel } from './PodPanel';
import { SlotPanel } from './SlotPanel';
import { SubnetPanel } from './SubnetPanel';

interface Props {
  readonly selected: Selected;
  /** Shown if the record does not exist. */
  readonly gone: ReactNode;
}

/** The panel of the selected record; `gone`: shown if it does not exist. */
export function PanelBody({ selected: { id, kind, slot }, gone }: Props) {
  switch (kind) {
    case 'pod':
      return <PodPanel id={id} chosen={null} gone={gone} />;
    case 'interface':
      return <PodPanel id={null} chosen={id} gone={gone} />;
    case 'eni':
      return slot === null ? <EniPanel id={id} gone={gone} /> : <SlotPanel eni={id} slot={slot} gone={gone} />;
    case 'node':
      return <NodePanel id={id} gone={gone} />;
    case 'networkCard':
      return <CardPanel id={id} gone={gone} />;
    case 'network':
      return <NetworkPanel id={id} gone={gone} />;
    case 'subnet':
      return <SubnetPanel id={id} gone={gone} />;
    case 'hostNic':
      return <HostNicPanel id={id} gone={gone} />;
    case 'ipPool':
      return <IpPoolPanel id={id} gone={gone} />;
    case 'finding':
      return <FindingPanel id={id} gone={gone} />;
    default:
      return gone;
  }
}
