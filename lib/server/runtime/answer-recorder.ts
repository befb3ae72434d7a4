/** Receives raw API responses before they are reduced to facts, for `ifscope capture`. */
export interface AnswerRecorder {
  /** An object of a Kubernetes list or watch. `id`: the row of the kinds table. */
  kubernetes(id: string, object: unknown): void;
  /** An EC2 response as the SDK returns it. `action`: without `ec2:`. */
  ec2(action: string, answer: object): void;
  /** Metrics of an aws-node pod in kube-system. */
  metrics(pod: string, text: string): void;
}
