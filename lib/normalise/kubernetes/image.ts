/** Parses image references: `registry:5000/path/multus-cni:v4.1.4@sha256:…`. */

/** The last path component without tag and digest. */
export function imageName(image: string): string {
  const reference = withoutDigest(image);
  const base = reference.slice(reference.lastIndexOf('/') + 1);
  const colon = base.indexOf(':');
  return colon < 0 ? base : base.slice(0, colon);
}

/** The tag as written; null for an image that is pinned only by digest. */
export function imageTag(image: string): string | null {
  const reference = withoutDigest(image);
  const base = reference.slice(reference.lastIndexOf('/') + 1);
  const colon = base.indexOf(':');
  return colon < 0 || colon === base.length - 1 ? null : base.slice(colon + 1, colon + 129);
}

function withoutDigest(image: string): string {
  const at = image.indexOf('@');
  return at < 0 ? image : image.slice(0, at);
}
