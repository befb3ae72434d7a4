import { basePath } from './base-path';

/**
 * Where a visitor signs out; null if nobody signs in to this server. The server sets the attribute on the root element.
 */
export const signOutPath = (): string | null =>
  document.documentElement.dataset.signIn === undefined ? null : `${basePath()}/oidc/logout`;
