/** All fact kinds. Each is declared once, in one of the files beside this one. */
import { AWS_NODE_FACTS } from './aws-node';
import { CLAIM_FACTS } from './claim';
import { EC2_FACTS } from './ec2';
import { NETWORK_FACTS } from './network';
import { NODE_FACTS } from './node';
import { POD_FACTS } from './pod';
import type { ValueOf } from '../shape';

/** Fact kind → shape of its facts. Facts of Kubernetes objects are keyed by `namespace/name` (or the bare name), all others by id. */
export const FACTS = { ...NODE_FACTS, ...POD_FACTS, ...NETWORK_FACTS, ...CLAIM_FACTS, ...EC2_FACTS, ...AWS_NODE_FACTS };

export type FactKind = keyof typeof FACTS;

/** The type of the facts of each kind. */
export type FactByKind = { readonly [K in FactKind]: ValueOf<(typeof FACTS)[K]> };
