import { useClientState, useRanks } from '../../lib/client/hooks';
import type { Theme } from '../../lib/layout/picture/tokens';
import type { NetworkRanks } from '../../lib/view/network-colours';
import type { ViewSource } from '../../lib/view/view-source';
import { useTheme } from './useTheme';

interface Pictured {
  readonly replica: ViewSource;
  /** Changes with the content of the replica, which is one mutable object. */
  readonly revision: number;
  readonly networkRanks: NetworkRanks;
  readonly theme: Theme;
}

/** What a diagram is drawn from. */
export const usePictured = (): Pictured => ({
  replica: useClientState((state) => state.replica),
  revision: useClientState((state) => state.revision),
  networkRanks: useRanks(),
  theme: useTheme(),
});
