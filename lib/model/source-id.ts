import type * as ids from './source-ids';

/** The id of a source that a statement may depend on. */
export type SourceId = Exclude<(typeof ids)[keyof typeof ids], typeof ids.RIGHTS>;
