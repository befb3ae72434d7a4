/** Failures of the programs around a plugin: its libraries, the kernel's bonds, ib-kubernetes, and Multus' own writes and reads. */

/** Recognised failures, besides those of `errors.ts`. */
export const PROGRAM_FAILURE_KINDS = [
  'library-missing',
  'bond-link-refused',
  'status-not-written',
  'rdma-not-moved',
  'ib-kubernetes-pending',
  'dhcp-unsupported',
  'result-without-address',
  'bandwidth-refused',
  'vf-setting-refused',
] as const;

/** Group 1 is the subject. They precede wide patterns, such as that of a busy device. */
export const PROGRAM_FAILURES = [
  ['library-missing', /version [`'\\]{1,3}(GLIBC_[\d.]{1,10})[\\']{1,3} not found/],
  ['bond-link-refused', /Failed to set link: (\S{1,15} (?:MASTER|DOWN|UP)\b[^\n]{0,60}, error: [^\n]{1,80})/],
  ['status-not-written', /SetNetworkStatus: failed to update the pod ([^\n]{1,300})/],
  ['rdma-not-moved', /failed to move RDMA device (\S{1,64} to namespace[^\n]{0,120})/],
  ['ib-kubernetes-pending', /(InfiniBand status \\?"[^"\n]{1,100}" is not|GUID must be provided by ib-kubernetes)/],
  ['dhcp-unsupported', /(ipam type dhcp is not supported)/],
  ['result-without-address', /(cannot convert: no valid IP addresses)/],
  [
    'bandwidth-refused',
    /(no interfaces provided|container interface \S{1,15} has no veth peer|no veth peer of container interface|veth peer with index \d{1,10} is not in host ns|adding link: (?:operation not supported|invalid argument))/,
  ],
  [
    'vf-setting-refused',
    /failed to set vf \d{1,4} ([^\n"]{1,120}: (?:operation not supported|operation not permitted|invalid argument))/i,
  ],
] as const satisfies readonly (readonly [(typeof PROGRAM_FAILURE_KINDS)[number], RegExp])[];
