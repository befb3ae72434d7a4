/** Versions as image tags and build info write them. */

type Version = readonly [major: number, minor: number, patch: number];

/** `v1.23.0-eksbuild.1` → [1, 23, 0]; null for anything else. */
export function versionOf(text: string | null): Version | null {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text ?? '');
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : null;
}

/** False if the version is not known. */
export function versionBefore(text: string | null, than: Version): boolean {
  const version = versionOf(text);
  if (version === null) return false;
  for (let i = 0; i < 3; i++) {
    const difference = (version[i] ?? 0) - (than[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Both ends included; false if the version is not known. */
export const versionWithin = (text: string | null, from: Version, to: Version): boolean =>
  versionOf(text) !== null && !versionBefore(text, from) && versionBefore(text, [to[0], to[1], to[2] + 1]);
