/** Wraps handlers so that each viewer gets only the records that this viewer may see. */
import { getRuntime } from '../runtime/runtime';
import type { Served } from '../runtime/served';
import { refuse } from './answers';
import { viewerOf } from './identity';

/** Answers a request from the records that the viewer may see. */
export type Handler = (served: Served, request: Request) => Response | Promise<Response>;

/**
 * Creates a route from a handler. All routes except the probes are created this way; none reads the runtime directly.
 */
export const forViewer =
  (handler: Handler) =>
  async (request: Request): Promise<Response> => {
    const viewer = viewerOf(request.headers);
    if (viewer === undefined) return refuse(401, 'this request bypassed the access control');
    const served = await getRuntime().servedFor(viewer);
    if (served === null)
      return refuse(503, 'too many visitors with different rights are connected: try again in a few minutes');
    return handler(served, request);
  };
