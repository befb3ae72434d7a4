/** All kinds of facts. A kind is declared in one of the files beside this one, and nowhere else. */
import { AWS_NODE_FACTS } from './aws-node';
import { CLAIM_FACTS } from './claim';
import { EC2_FACTS } from './ec2';
import { NETWORK_FACTS } from './network';
import { NODE_FACTS } from './node';
import { POD_FACTS } from './pod';
import type { ValueOf } from '../shape';

/** Fact kind → shape of its facts. The key of a Kubernetes object is `namespace/name`, of all else its id. */
export const FACTS = { ...NODE_FACTS, ...POD_FACTS, ...NETWORK_FACTS, ...CLAIM_FACTS, ...EC2_FACTS, ...AWS_NODE_FACTS };

export type FactKind = keyof typeof FACTS;

/** The type of the facts of each kind. */
export type FactByKind = { readonly [K in FactKind]: ValueOf<(typeof FACTS)[K]> };
