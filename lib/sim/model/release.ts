/** aws-node's releases. */
export type Release = readonly [major: number, minor: number, patch: number];

/** Whether a version such as `v1.20.4` is that release or a later one. */
export function isRelease(version: string, least: Release): boolean {
  const have = version.replace(/^v/, '').split('.').map(Number);
  const differs = least.findIndex((part, index) => (have[index] ?? 0) !== part);
  return differs === -1 || (have[differs] ?? 0) > (least[differs] ?? 0);
}
