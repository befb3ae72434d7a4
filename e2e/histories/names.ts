/** The names and addresses in random facts: few of each, so that facts often refer to each other. */
import fc from 'fast-check';

export const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** The first one half of the time, otherwise one of the others. */
export const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(fc.constant(usual), oneOf(...others));

/** At most `most` different elements of `values`. */
export const someOf = <T>(most: number, ...values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.uniqueArray(oneOf(...values), { maxLength: most });

export const NODES = ['n1', 'n2', 'n3'] as const;
export const INSTANCES = ['i-1', 'i-2', 'i-3'] as const;
export const PODS = ['a', 'b', 'c'] as const;
export const NETWORKS = ['x', 'y'] as const;
export const ENIS = ['eni-1', 'eni-2', 'eni-3', 'eni-4', 'eni-5'] as const;
export const SUBNETS = ['subnet-1', 'subnet-2', 'subnet-3'] as const;
export const ENI_CONFIGS = ['default', 'eu-west-1a'] as const;
export const MACS = ['06:00:00:00:00:01', '06:00:00:00:00:02'] as const;
/** In `subnet-1`; the last two are also in the prefix below. */
export const IPS = ['10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.17', '10.0.0.18'] as const;
export const PREFIX = '10.0.0.16/28';
export const IPV6 = ['fd00::1', 'fd00::2'] as const;
export const PREFIX6 = 'fd00::/80';
/** Ranges that whereabouts assigns from; the second is inside the first. */
export const RANGES = ['10.9.0.0/24', '10.9.0.0/28'] as const;
export const RANGE_IPS = ['10.9.0.7', '10.9.0.9', '10.9.0.200'] as const;

/** The extended resource that represents a branch ENI. */
export const POD_ENI = 'vpc.amazonaws.com/pod-eni';

export const node = oneOf('n1', 'n1', ...NODES);
export const ip = oneOf(...IPS);
export const namespace = oneOf('default', 'default', 'default', 'team');
export const uid = oneOf('u1', 'u2');

/** The metadata of an object: created before the history begins, and possibly being deleted. */
export const object = <N extends string, S extends string>(
  name: fc.Arbitrary<N>,
  at: fc.Arbitrary<S>,
): fc.Arbitrary<{ namespace: S; name: N; uid: string; createdAt: string; deleting: boolean }> =>
  fc.record({
    namespace: at,
    name,
    uid,
    createdAt: oneOf('2026-09-01T10:00:00Z', '2026-09-01T11:59:50Z'),
    deleting: mostly(false, false, true),
  });

export const clusterScoped = fc.constant('' as const);
