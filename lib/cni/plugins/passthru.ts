import type { MetaPlugin } from '../base/plugin';

/** Hands the previous result on as it is. */
export const passthru: MetaPlugin = {
  kind: 'meta',
  type: 'passthru',
  fields: 'any',
  read: () => 'the result passed on',
};
