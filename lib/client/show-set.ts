/** Shows the record set of a file on the page. */
import { answerWith, type Answerer } from './ask';
import type { ClientStore } from './client-store';
import type { Arriving } from './set/arriving';
import { readArrivingSet } from './set/arriving-set';

/**
 * `bytes`: a keyframe. `answer`: the set's answer function. Resolves when there is something to show; `rest` resolves
 * when everything is. Rejects for bytes that are not a keyframe.
 */
export async function showSet(
  store: ClientStore,
  { bytes, answer }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly answer: Answerer },
  arriving: Omit<Arriving, 'onArrival'>,
): Promise<{ readonly rest: Promise<void> }> {
  const { signal } = arriving;
  const onArrival = (): void => {
    if (!signal.aborted) store.arrived();
  };
  const set = await readArrivingSet(new Blob([bytes]).stream(), { ...arriving, onArrival });
  if (!signal.aborted) {
    answerWith(answer);
    store.reset({ ...set, isFile: true });
    store.setConnection({ phase: 'live', reason: null });
  }
  return { rest: set.rest };
}
