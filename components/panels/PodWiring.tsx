import { useSelect } from '../../lib/client/hooks';
import { wiringPicture } from '../../lib/layout/diagram/wiring';
import { kindOfId } from '../../lib/model/ids';
import { Diagram } from '../canvas/Diagram';
import { useWidth } from '../canvas/useWidth';
import { usePictured } from '../hooks/usePictured';

interface Props {
  readonly pod: string;
  /** The highlighted interface. */
  readonly chosen: string | null;
}

/** Minimum width for its text, in CSS pixels. */
const LEAST_WIDTH = 260;

/**
 * The pod's network namespace: each interface → ENI → card. A click selects an interface or opens a record. The table
 * below it has the same content as text.
 */
export function PodWiring({ pod, chosen }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const { replica, networkRanks, theme } = usePictured();
  const { push, replaceTop } = useSelect();
  return (
    <div className="mt-3">
      <div ref={box} className="overflow-x-auto">
        {width !== null && (
          <Diagram
            picture={wiringPicture(replica, networkRanks, pod, { width: Math.max(LEAST_WIDTH, width), chosen })}
            theme={theme}
            onPick={(id) => {
              if (kindOfId(id) === 'interface') replaceTop(id);
              else if (id !== pod) push(id);
            }}
          />
        )}
      </div>
    </div>
  );
}
