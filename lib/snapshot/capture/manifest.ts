/**
 * Reads `capture.json`: the time of the capture, its cluster, and the states of sources without data. All fields are
 * optional.
 */
import { SOURCE_STATES } from '../../model/vocabulary';
import type { ClusterInfo, SourceState, Timestamp } from '../../model/records';
import { cidrText, fields, flag, objectOrNull, readEach, text, timestamp } from '../../normalise/read/guards';

/** Path of the manifest within a capture. */
export const MANIFEST = 'capture.json';

const isState = (value: unknown): value is SourceState => SOURCE_STATES.some((state) => state === value);

/** A source as it was at capture time. `partial`: only some of its objects were known. */
export interface GivenSource {
  readonly state: SourceState;
  readonly reason: string | null;
  readonly partial: boolean;
}

/** The content of `capture.json`. `problem`: why it could not be read as written; null otherwise. */
export interface Manifest {
  readonly takenAt: Timestamp | null;
  readonly cluster: Partial<ClusterInfo>;
  /** States of sources at capture time: `denied`, `absent` … */
  readonly sources: ReadonlyMap<string, GivenSource>;
  readonly problem: string | null;
}

const NOTHING: Manifest = { takenAt: null, cluster: {}, sources: new Map(), problem: null };

/** `content`: null if the capture has no manifest. Never throws. */
export function readManifest(content: string | null): Manifest {
  if (content === null) return NOTHING;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return {
      ...NOTHING,
      problem: `${MANIFEST} is not valid JSON; the newest timestamp in the capture is used instead`,
    };
  }
  const root = objectOrNull(value);
  if (root === null) return { ...NOTHING, problem: `${MANIFEST} is not an object` };
  const takenAt = timestamp(root['takenAt']);
  const sources = new Map<string, GivenSource>();
  for (const [id, entry] of Object.entries(fields(root['sources']))) {
    const { state, reason, partial } = fields(entry);
    if (isState(state)) sources.set(id, { state, reason: text(reason), partial: partial === true });
  }
  return {
    takenAt,
    cluster: clusterOf(root['cluster']),
    sources,
    problem:
      takenAt === null && root['takenAt'] !== undefined
        ? `takenAt in ${MANIFEST} is not an RFC 3339 time; the newest timestamp in the capture is used instead`
        : null,
  };
}

function clusterOf(value: unknown): Partial<ClusterInfo> {
  const cluster = fields(value);
  const demo = flag(cluster['demo']);
  const entries = (['name', 'kubernetesVersion', 'region', 'vpcId'] as const).flatMap((key) => {
    const known = text(cluster[key]);
    return known === null ? [] : [[key, known] as const];
  });
  const blocks = cluster['vpcCidrs'];
  return {
    ...Object.fromEntries(entries),
    ...(Array.isArray(blocks) ? { vpcCidrs: readEach(blocks, cidrText) } : {}),
    ...(demo === null ? {} : { demo }),
  };
}
