/** Pods with hostile annotations, each as large as an etcd object may be. */
const MEGABYTE = 1 << 20;
const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const STATUS = 'k8s.v1.cni.cncf.io/network-status';
const repeated = (text: string): string => text.repeat(Math.floor(MEGABYTE / text.length));
const ANNOTATIONS: readonly (readonly [what: string, key: string, text: string])[] = [
  ['commas', NETWORKS, repeated(',')],
  ['names', NETWORKS, repeated('a/b@c,')],
  ['deep JSON', NETWORKS, `[${repeated('[')}`],
  ['objects', NETWORKS, `[${repeated('{"name":"a"},').slice(0, -1)}]`],
  ['spaces in a name', NETWORKS, `a${repeated(' ')}b`],
  [
    'status entries',
    STATUS,
    `[${repeated('{"name":"a/b","interface":"net1","ips":["10.0.0.1"],"mac":"02:00:00:00:00:01"},').slice(0, -1)}]`,
  ],
  ['addresses', STATUS, `[{"name":"a/b","interface":"net1","ips":[${repeated('"fd00::1",').slice(0, -1)}]}]`],
  ['escapes', STATUS, `[{"name":"${repeated('\\u0000')}"}]`],
];

/** Each with a description of its annotation. */
export const HOSTILE = ANNOTATIONS.map(
  ([what, key, text]) =>
    [
      what,
      {
        metadata: { namespace: 'n', name: 'p', uid: 'u', annotations: { [key]: text } },
        spec: { nodeName: 'n1' },
        status: { phase: 'Running' },
      },
    ] as const,
);
