/**
 * The options of a picture file: part, theme, size. The picture is drawn from the scene, not captured from the screen.
 */
import { useId, useState } from 'react';
import { useClientState, usePageState } from '../../lib/client/hooks';
import type { Theme } from '../../lib/layout/picture/tokens';
import { idParts } from '../../lib/model/ids';
import { labelOf } from '../../lib/view/record-label';
import { readEntry } from '../../lib/view/selection';
import { nodeOfRecord } from '../../lib/view/partial-set';
import type { CanvasHandle, Extent, PictureAsked } from '../canvas/props';
import { useTheme } from '../hooks/useTheme';
import { Button } from '../ui/Button';

interface Props {
  readonly canvas: CanvasHandle;
  readonly onSave: (make: () => Promise<Blob>, holds: string, extension: string) => void;
}

const FIELD = 'h-7 w-full min-w-0 rounded-md border border-line bg-surface px-1.5 text-12';
type Options<T> = readonly (readonly [value: T, words: string])[];

const SCALES = [1, 2, 4].map((scale) => [scale, `${scale} ×`] as const);
const THEMES: Options<Theme> = [
  ['light', 'light'],
  ['dark', 'dark'],
];
const HOLDS: Readonly<Record<Extent, string>> = { seen: 'picture', all: 'whole', node: 'node', selection: 'selection' };

/** Chooses the part, theme and size of a picture, and saves it. */
export function ExportPicture({ canvas, onSave }: Props) {
  const entry = usePageState((page) => page.selection.at(-1) ?? null);
  const selected = readEntry(entry ?? '')?.id ?? null;
  const node = useClientState(({ replica }) =>
    selected === null
      ? null
      : replica.records.nodes.has(selected)
        ? selected
        : (nodeOfRecord(replica, selected) ?? null),
  );
  const shownTheme = useTheme();
  const [extent, setExtent] = useState<Extent>('seen');
  const [theme, setTheme] = useState(shownTheme);
  const [scale, setScale] = useState(2);
  const offered: Options<Extent> = [
    ['seen', 'What is seen'],
    ['all', 'The whole picture'],
    ...(node === null
      ? []
      : ([
          ['node', `Node ${idParts(node)[0] ?? node}`],
          ...(selected === node ? [] : ([['selection', `${labelOf(entry ?? '')} on its node`]] as const)),
        ] as const)),
  ];
  const chosen = offered.some(([one]) => one === extent) ? extent : 'seen';
  const asked: PictureAsked = { extent: chosen, theme, scale };
  const svg = async (): Promise<Blob> => new Blob([await canvas.svg(asked)], { type: 'image/svg+xml' });
  return (
    <fieldset className="mt-1.5 grid grid-cols-[64px_1fr] items-center gap-x-2 gap-y-1.5 border-t border-line px-2 pt-2.5 pb-1 text-12 text-text2">
      <legend className="sr-only">The picture as a file</legend>
      <Select label="Picture" value={chosen} options={offered} onChoose={setExtent} />
      <Select label="Theme" value={theme} options={THEMES} onChoose={setTheme} />
      <Select label="Scale" value={scale} options={SCALES} onChoose={setScale} />
      <span className="col-start-2 flex gap-2">
        <Button className="h-7! flex-1 text-12!" onClick={() => onSave(svg, HOLDS[chosen], 'svg')}>
          SVG
        </Button>
        <Button className="h-7! flex-1 text-12!" onClick={() => onSave(() => canvas.png(asked), HOLDS[chosen], 'png')}>
          PNG
        </Button>
      </span>
    </fieldset>
  );
}

interface SelectProps<T> {
  readonly label: string;
  readonly value: T;
  readonly options: Options<T>;
  readonly onChoose: (value: T) => void;
}

function Select<T extends string | number>({ label, value, options, onChoose }: SelectProps<T>) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={FIELD}
        value={value}
        onChange={({ target }) => onChoose(options[target.selectedIndex]?.[0] ?? value)}
      >
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </>
  );
}
