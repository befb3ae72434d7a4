import type { MetaPlugin } from '../base/plugin';

/** Returns the previous result unchanged. */
export const passthru: MetaPlugin = {
  kind: 'meta',
  type: 'passthru',
  fields: 'any',
  read: () => 'the result passed on',
};
