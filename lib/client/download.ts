/** Downloads created by the page, and their names. */
import type { ClusterInfo } from '../model/records';

/** A file name: `ifscope-prod-eu-west-1-picture-20261121T0604Z.svg`; for the demo, the name contains that. */
export function stampedName(cluster: ClusterInfo, what: string, extension: string, at: Date): string {
  const name = (cluster.name ?? 'cluster').replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60);
  const time = at.toISOString().replace(/[-:]/g, '').slice(0, 13);
  return ['ifscope', ...(cluster.demo ? ['demo'] : []), name, what, `${time}Z`].join('-') + `.${extension}`;
}

/** Starts a download of the blob in this browser. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
