/** Releases, as image tags and build info write them. */

/** The first release with some behaviour. */
export type Version = readonly [major: number, minor: number, patch: number];

/**
 * Whether a release is at least `wanted`; null if its text does not tell: an image by digest, `latest`, or `v1.22`, which
 * may be any 1.22.x.
 */
export function reaches(text: string | null, wanted: Version): boolean | null {
  const parts = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text ?? '')?.slice(1);
  if (parts === undefined) return null;
  for (const [index, want] of wanted.entries()) {
    const part: string | undefined = parts[index];
    if (part === undefined) return want === 0 ? true : null;
    if (Number(part) !== want) return Number(part) > want;
  }
  return true;
}

/** Same for settings that somebody chose: they are usually set for a release that supports them. */
export const isAtLeast = (text: string | null, wanted: Version): boolean => reaches(text, wanted) ?? true;

/** False if the release is not known. */
export const versionBefore = (text: string | null, than: Version): boolean => reaches(text, than) === false;

/** Both ends included; false if the release is not known. */
export const versionWithin = (text: string | null, from: Version, [major, minor, patch]: Version): boolean =>
  reaches(text, from) === true && versionBefore(text, [major, minor, patch + 1]);
