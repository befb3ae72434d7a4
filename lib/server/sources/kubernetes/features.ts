/**
 * What the API server can do, found out by asking it, and shared by all kinds. Another version of the server may be able
 * to do more, so that everything is tried again when the version has changed.
 */
export interface Features {
  /** Whether it answers in protobuf when that is asked for. */
  protobuf: boolean;
  /** Whether a watch can begin with a list (`sendInitialEvents`). */
  watchList: boolean;
}

/** Before anything has been found out. */
export const allFeatures = (protobuf: boolean): Features => ({ protobuf, watchList: true });
