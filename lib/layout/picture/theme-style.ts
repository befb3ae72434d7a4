import { allColours } from './tokens';

/**
 * The colour tokens as CSS variables (`--c-ink`, `--c-net1Text` …), with `light-dark()` values that follow
 * `color-scheme`.
 */
export function themeStyle(): string {
  const dark = new Map(allColours('dark'));
  const lines = allColours('light').map(
    ([tone, light]) => `--c-${tone}:light-dark(${light},${dark.get(tone) ?? light})`,
  );
  return `:root{${lines.join(';')}}`;
}
