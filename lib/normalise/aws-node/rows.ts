/** aws-node's two sources as rows: source ID, which is also the scope of the observations, and fact kind. */
import { IPAMD_ENIS, METRICS } from '../../model/source-ids';
/** aws-node's Prometheus metrics. */
export const AWS_NODE_METRICS = { id: METRICS, factKind: 'awsNodeMetrics' } as const;
/** ipamd's `/v1/enis`. */
export const AWS_NODE_ENIS = { id: IPAMD_ENIS, factKind: 'ipamdEnis' } as const;
