/**
 * Turns collected files into a capture. Unreadable files become the state of a source of their own, so that every page
 * shows it.
 */
import type { Batch } from '../../model/observation';
import { readCapture, type Capture } from './read';
import type { CaptureFiles } from './text-files';

/** The source whose state reports unreadable files; it exists only if there are any. */
const CAPTURE_FILES = 'capture/files';
const MAX_SHOWN = 5;

/** Returns the capture, or in `nothing` why none of the files is an answer of Kubernetes, EC2 or ipamd. */
export function wholeCapture({ files, unreadable, skipped }: CaptureFiles): Capture | { readonly nothing: string } {
  const capture = readCapture(files);
  // A source that was denied when the capture was taken counts as content; an unreadable file does not.
  const answered = capture.batches
    .flatMap(({ observations }) => observations)
    .some(
      (one) =>
        one.op === 'replaceAll' ||
        (one.op === 'status' && one.source.state !== 'absent' && one.source.state !== 'failing'),
    );
  if (!answered) {
    const [first = 'nothing in it is a Kubernetes or EC2 answer'] = [
      ...unreadable,
      ...capture.problems.filter((one) => !one.startsWith('capture.json')),
      ...capture.others,
      ...skipped,
    ];
    return { nothing: `holds nothing that can be read (${first})` };
  }
  const troubles = [...unreadable, ...capture.problems];
  return {
    ...capture,
    batches: withTroubles(capture, troubles),
    problems: [...troubles, ...capture.doubts, ...capture.others, ...skipped],
  };
}

/** Adds the unreadable files as the state of a source of their own. */
function withTroubles({ batches, takenAt }: Capture, troubles: readonly string[]): readonly Batch[] {
  if (troubles.length === 0) return batches;
  const more = troubles.length > MAX_SHOWN ? `; and ${troubles.length - MAX_SHOWN} more` : '';
  // A parser's message may quote the text; the quotation is removed here.
  const shown = troubles.map((one) => one.replace(/ is not valid (JSON|YAML) \(.*\)$/s, ' is not valid $1'));
  const reason = `Not read in full: ${shown.slice(0, MAX_SHOWN).join('; ')}${more}.`;
  const source = { id: CAPTURE_FILES, state: 'failing', asOf: takenAt, reason } as const;
  return batches.map((batch) => ({ ...batch, observations: [...batch.observations, { op: 'status', source }] }));
}
