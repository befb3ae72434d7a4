/**
 * The API server's optional features, detected by use and shared by all kinds. After an upgrade the server may support
 * more, so everything is tried again when its version changes.
 */
export interface Features {
  /** Whether the server answers in protobuf on request. */
  protobuf: boolean;
  /** Whether a watch can start with a list (`sendInitialEvents`). */
  watchList: boolean;
}

/** The initial assumption. */
export const allFeatures = (protobuf: boolean): Features => ({ protobuf, watchList: true });
