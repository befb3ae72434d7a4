/** The few pictures that README and docs show. */
interface DocsPicture {
  /** In `docs/images`, without its extension. */
  readonly file: string;
  /** Name of the state of the page (`testing/page-states`). */
  readonly state: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly theme: 'light' | 'dark';
}

const WIDE = { width: 1600, height: 1000 };

export const DOCS: readonly DocsPicture[] = [
  { file: 'overview-light', state: 'topology', size: WIDE, theme: 'light' },
  { file: 'overview-dark', state: 'topology', size: WIDE, theme: 'dark' },
  { file: 'pod-light', state: 'pod', size: WIDE, theme: 'light' },
  { file: 'focus-light', state: 'focus', size: WIDE, theme: 'light' },
];
