/** The notes below the lines of the list of sources: what is missing, why, and how far a list has progressed. */
import { sentence } from './full-stop';
import { lostWith } from './missing-parts';
import type { SourceLine } from './source-health';

/** A note below a source, or below the last of several sources that share it. */
export interface SourceNote {
  /** What the picture lacks without the source; null if nothing, or if several sources share the note. */
  readonly lost: string | null;
  readonly text: string;
}

function noteOf(line: SourceLine): SourceNote | null {
  const lost = lostWith(line);
  if ((lost ?? line.reason ?? line.progress) === null) return null;
  const reason = lost === null || line.reason === null ? line.reason : sentence(line.reason);
  return { lost, text: [reason, line.progress].filter((words) => words !== null).join(' · ') };
}

type MaybeNote = SourceNote | null | undefined;

const isShared = (a: MaybeNote, b: MaybeNote): boolean => a?.lost === null && b?.lost === null && a.text === b.text;

/** One entry per line. Neighbours with the same reason share one note, because an API server fails for all its kinds. */
export function sourceNotes(lines: readonly SourceLine[]): readonly (SourceNote | null)[] {
  const own = lines.map(noteOf);
  let first = 0;
  return own.map((note, at) => {
    if (!isShared(own[at - 1], note)) first = at;
    if (isShared(note, own[at + 1])) return null;
    if (note === null || first === at) return note;
    const ids = [lines[first], lines[at]].map((line) => line?.id).join(' to ');
    return { ...note, text: `${at - first + 1} sources, ${ids}: ${note.text}` };
  });
}
