/** Leaves out the findings that the URL mutes. */
import type { ClientStore } from './client-store';
import type { PageLocation } from './location';
import type * as muting from './muting';

/** `load`: the code for muting, loaded with the first mute; after a failure, the next change of URL or records tries again. */
export function muteLater(
  store: Pick<ClientStore, 'showBy' | 'subscribe'>,
  location: Pick<PageLocation, 'getState' | 'subscribe'>,
  load: () => Promise<Pick<typeof muting, 'throughMutes'>>,
): void {
  let requested = '';
  const look = (): void => {
    const { muted } = location.getState();
    const wanted = muted.join('\n');
    if (wanted === requested) return;
    requested = wanted;
    load().then(
      ({ throughMutes }) => {
        if (requested === wanted) store.showBy(throughMutes(muted));
      },
      () => void (requested = ''),
    );
  };
  location.subscribe(look);
  store.subscribe(look);
  look();
}
