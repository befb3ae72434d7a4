/**
 * Facts: what a source reports, reduced to the fields that the topology needs. A normaliser creates a fact from a foreign
 * object (`lib/normalise`); nothing else of the object is kept: no Secrets, no args, no env except an allow-list of
 * aws-node's variables.
 *
 * Facts are readonly and JSON-safe. Absent is `null`. Invalid data is kept with `problems`. Facts are declared in
 * `./schema/facts`.
 */
export type * from './schema/facts/aws-node';
export type * from './schema/facts/claim';
export type * from './schema/facts/ec2';
export type * from './schema/facts/kinds';
export type * from './schema/facts/multus';
export type * from './schema/facts/network';
export type * from './schema/facts/node';
export type * from './schema/facts/object';
export type * from './schema/facts/pod';

/** Whether a node's annotation is kept because it may name the ENIConfig: its key mentions ENIs. */
export const isEniConfigAnnotation = (key: string): boolean =>
  /eni[-_.]?config|(?:^|[^a-z])enis?(?:[^a-z]|$)/i.test(key);

/** The key of a Kubernetes object: `namespace/name`, or the bare name for a cluster-scoped one. */
export const objectKey = (object: { readonly namespace: string; readonly name: string }): string =>
  object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
