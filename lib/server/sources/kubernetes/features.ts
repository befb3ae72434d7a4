/**
 * The API server's optional features, found out by trying them and shared by all kinds. Another version of the server
 * may support more, so everything is tried again when the version changes.
 */
export interface Features {
  /** Whether it answers in protobuf on request. */
  protobuf: boolean;
  /** Whether a watch can start with a list (`sendInitialEvents`). */
  watchList: boolean;
}

/** The assumption before anything was tried. */
export const allFeatures = (protobuf: boolean): Features => ({ protobuf, watchList: true });
