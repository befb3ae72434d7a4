import { useClient, useClientState } from '../../lib/client/hooks';
import { sentence } from '../../lib/view/full-stop';
import { useStaysFor } from '../hooks/useStaysFor';
import { Button } from '../ui/Button';

/** A shorter interruption is not shown: a restarting server is back by then. Milliseconds. */
export const PATIENCE_MS = 1500;

/** Problems of the page's own connection, in one line below the top bar. */
export default function Notices() {
  const client = useClient();
  const phase = useClientState((state) => state.phase);
  const reason = useClientState((state) => state.reason);
  const loaded = useClientState((state) => state.revision > 0);
  const lost = loaded && (phase === 'reconnecting' || phase === 'failed');
  const patient = useStaysFor(lost, PATIENCE_MS);
  if (!patient) return null;
  return (
    <div
      role="alert"
      className="flex min-h-8 shrink-0 items-center gap-3 border-b border-warn-fill bg-warn-bg px-4 py-1 text-13 text-warn"
    >
      <span>
        <b className="font-semibold">The picture is not updating.</b>{' '}
        {sentence(reason ?? 'The connection to the server was lost')} Retrying automatically.
      </span>
      <Button className="h-6! bg-transparent! text-warn" onClick={() => client.retryNow()}>
        Retry now
      </Button>
    </div>
  );
}
