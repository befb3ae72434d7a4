import { useEffect, useState } from 'react';
import type { Paint } from '../../lib/layout/scene/facts';
import type { ColourMode } from '../../lib/view/colour-mode';

/** The colours of a mode; null for network colours, and until the others are loaded. */
export function usePaint(mode: ColourMode): Paint | null {
  const [paint, setPaint] = useState<Paint | null>(null);
  useEffect(() => {
    if (mode === 'network') return;
    let wanted = true;
    import('../../lib/layout/scene/paint').then(
      ({ PAINTS }) => {
        if (wanted) setPaint(PAINTS[mode]);
      },
      // The network colours stay until the mode is chosen again.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [mode]);
  return mode === 'network' ? null : paint;
}
