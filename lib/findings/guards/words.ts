/** The wording of findings: names, counts, and commands that are safe to copy. */
import type { PodRecord } from '../../model/records';
import type { Steady } from '../rule/steady';

export { counted } from '../../model/counted';
export { nameOf } from '../../model/ids';

/** For example `a, b and 3 more`. */
export function listed(names: readonly string[], most = 5): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** For example `eni-0123… (card 0, device 2)`. */
export const eniPlace = (eni: Steady<'enis'>): string =>
  eni.card === null ? eni.id : `${eni.id} (card ${eni.card}, device ${eni.deviceIndex ?? '?'})`;

const quoted = (text: string): string =>
  /^[\w.:/@=,+][\w.:/@=,+-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Whether no object can have this name: it is empty, looks like an option, or contains control characters. */
const isNoName = (text: string): boolean => text === '' || text.startsWith('-') || /\p{Cc}/u.test(text);

/**
 * A command to copy. Names may be hostile, so characters with a meaning to the shell are quoted. Null for a name that no
 * object can have.
 */
export const shell = (parts: TemplateStringsArray, ...values: readonly string[]): string | null =>
  values.some(isNoName) ? null : parts.reduce((text, part, i) => text + quoted(values[i - 1] ?? '') + part);

/** Whether a controller recreates the pod when it is deleted. A static pod's owner is its node, which has its manifest. */
const isRemade = ({ owner }: PodRecord): boolean => owner !== null && owner.kind !== 'Node';

/**
 * How to recreate a pod, with a command that deletes only pods that a controller recreates. The pod of a virtual machine is
 * the machine.
 */
export const remake = (pod: PodRecord, what: string): { readonly advice: string; readonly command: string | null } =>
  pod.owner?.kind === 'VirtualMachineInstance'
    ? {
        advice: `Migrate the virtual machine, ${what}: its new pod is made for that. Deleting its pod would stop the machine.`,
        command: shell`kubectl virt -n ${pod.namespace} migrate ${pod.owner.name}`,
      }
    : isRemade(pod)
      ? { advice: `Delete the pod, ${what}.`, command: shell`kubectl -n ${pod.namespace} delete pod ${pod.name}` }
      : {
          advice: `Recreate the pod, ${what}. No controller does that: save its manifest before you delete it.`,
          command: shell`kubectl -n ${pod.namespace} get pod ${pod.name} -o yaml`,
        };

/** A command that keeps new pods off the node; null if it is already cordoned. */
export const cordon = ({ name, unschedulable }: Steady<'nodes'>): string | null =>
  unschedulable ? null : shell`kubectl cordon ${name}`;

/** A command that prints the log of a node's aws-node; null if the name cannot be quoted safely. */
export const awsNodeLog = (node: string): string | null =>
  shell`kubectl -n kube-system logs -c aws-node --tail=50 "$(kubectl -n kube-system get pods -l k8s-app=aws-node --field-selector spec.nodeName=${node} -o name)"`;
