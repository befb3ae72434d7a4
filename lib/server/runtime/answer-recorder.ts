/** Gets what the API servers answered before it is reduced to facts; for `ifscope capture`. */
export interface AnswerRecorder {
  /** An object of a Kubernetes list or watch; `id` is the row of the kinds table. */
  kubernetes(id: string, object: unknown): void;
  /** An EC2 answer, as the SDK gives it; `action` without `ec2:`. */
  ec2(action: string, answer: object): void;
  /** The metrics of an aws-node pod of kube-system. */
  metrics(pod: string, text: string): void;
}
