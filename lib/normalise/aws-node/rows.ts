/** aws-node's two sources as rows: source ID, which is the scope of the observations, and fact kind. */
export const AWS_NODE_METRICS = { id: 'aws-node/metrics', factKind: 'awsNodeMetrics' } as const;
export const AWS_NODE_ENIS = { id: 'aws-node/enis', factKind: 'ipamdEnis' } as const;
