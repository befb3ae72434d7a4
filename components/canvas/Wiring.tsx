/** A pod's wiring: each interface → ENI → card. The table below it in the panel has the same content as text. */
import { wiringPicture } from '../../lib/layout/diagram/wiring';
import type { Theme } from '../../lib/layout/picture/tokens';
import type { NetworkRanks } from '../../lib/view/network-colours';
import type { ViewSource } from '../../lib/view/view-source';
import { Diagram } from './Diagram';
import { useWidth } from './useWidth';

interface Props {
  readonly replica: ViewSource;
  /** Changes with the content of the replica, which is one mutable object. */
  readonly revision: number;
  readonly networkRanks: NetworkRanks;
  readonly theme: Theme;
  readonly pod: string;
  /** Interface record id. */
  readonly chosen: string | null;
  readonly onPick?: (id: string) => void;
}

/** Minimum width for its text, in CSS pixels. */
const LEAST_WIDTH = 260;

export function Wiring({ replica, networkRanks, theme, pod, chosen, onPick }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={box} className="overflow-x-auto">
      {width !== null && (
        <Diagram
          picture={wiringPicture(replica, networkRanks, pod, { width: Math.max(LEAST_WIDTH, width), chosen })}
          theme={theme}
          {...(onPick === undefined ? {} : { onPick })}
        />
      )}
    </div>
  );
}
