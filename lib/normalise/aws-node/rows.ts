/** aws-node's sources as rows: source ID, which is also the scope of the observations, and fact kind. */
import { IPAMD_ENIS, METRICS } from '../../model/source-ids';
/** aws-node's Prometheus metrics. */
export const AWS_NODE_METRICS = { id: METRICS, factKind: 'awsNodeMetrics' } as const;
/** ipamd's `/v1/enis`. */
export const AWS_NODE_ENIS = { id: IPAMD_ENIS, factKind: 'ipamdEnis' } as const;
/** ipamd's checkpoint files: a part of what `/v1/enis` contains. */
export const AWS_NODE_CHECKPOINT = { id: 'aws-node/checkpoint', factKind: 'ipamdCheckpoint' } as const;
