/** Mutes a finding, or all findings of its rule, with a reason. The URL stores it, and it can be undone. */
import { useId, useState } from 'react';
import { useGo, usePageState } from '../../lib/client/hooks';
import type { FindingRecord } from '../../lib/model/records';
import { muteFor, mutesOf, withMute, withoutMute } from '../../lib/view/muted';
import { Button } from '../ui/Button';

/** For a finding that is shown. */
export function Muting({ finding }: { readonly finding: FindingRecord }) {
  const muted = usePageState((page) => page.muted);
  const go = useGo();
  const [open, setOpen] = useState(false);
  const [whole, setWhole] = useState(false);
  const [reason, setReason] = useState('');
  const field = useId();
  if (!open)
    return (
      <Button className="mt-3" onClick={() => setOpen(true)}>
        Mute…
      </Button>
    );
  return (
    <form
      className="mt-3 flex basis-full flex-col gap-2 rounded-md border border-line p-3 text-12"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() === '') return;
        go({ muted: withMute(muted, { key: whole ? finding.rule : finding.id, reason }) });
      }}
    >
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 font-semibold">Mute</legend>
        <label className="flex items-center gap-2">
          <input type="radio" name={`${field}-what`} checked={!whole} onChange={() => setWhole(false)} />
          this finding
        </label>
        <label className="flex items-center gap-2">
          <input type="radio" name={`${field}-what`} checked={whole} onChange={() => setWhole(true)} />
          every finding of {finding.rule}
        </label>
      </fieldset>
      <label htmlFor={field}>Why? The reason is part of the address, so anybody with the link sees it.</label>
      <input
        id={field}
        autoFocus
        required
        maxLength={200}
        className="h-7 rounded-md border border-line bg-surface px-2"
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <span className="flex gap-2">
        <Button type="submit" className="h-7!">
          Mute
        </Button>
        <Button look="plain" className="h-7!" onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </span>
    </form>
  );
}

/** For a muted finding. */
export function Muted({ finding }: { readonly finding: FindingRecord }) {
  const muted = usePageState((page) => page.muted);
  const go = useGo();
  const mute = muteFor(mutesOf(muted), finding);
  if (mute === undefined) return null;
  return (
    <p className="mt-3 basis-full rounded-md border border-line p-3 text-12">
      <b className="font-semibold">{mute.key === finding.rule ? 'Its rule is muted' : 'Muted'}:</b> {mute.reason}{' '}
      <Button look="link" className="text-12!" onClick={() => go({ muted: withoutMute(muted, mute.key) })}>
        Restore
      </Button>
    </p>
  );
}
