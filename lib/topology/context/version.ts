/** Versions of the VPC CNI, as image tags and build info spell them. */

/** A release of the VPC CNI. */
export type Version = readonly [major: number, minor: number, patch: number];

/** `v1.23.0-eksbuild.1` → [1, 23, 0]; null for anything else. */
function versionOf(text: string | null): Version | null {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text ?? '');
  return parts === null ? null : [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

/** Whether a version is at least `wanted`; null if the version is not known (an image by digest, `latest`). */
export function reaches(version: string | null, wanted: Version): boolean | null {
  const parts = versionOf(version);
  if (parts === null) return null;
  for (let i = 0; i < 3; i++) {
    const have = parts[i] ?? 0;
    const want = wanted[i] ?? 0;
    if (have !== want) return have > want;
  }
  return true;
}

/**
 * Same for settings that somebody chose: a variable is usually set for a version that supports it, so unknown versions
 * count as new.
 */
export const isAtLeast = (version: string | null, wanted: Version): boolean => reaches(version, wanted) ?? true;
