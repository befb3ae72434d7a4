/** Why the API server does not accept the pods of a workload, according to the Event of its controller. */
import type { TextExplanation } from './known-texts';

/** The part of a message that tells why a webhook did not answer. */
const UNANSWERED: readonly (readonly [message: RegExp, why: string, advice: string])[] = [
  [
    /Address is not allowed/,
    'The control plane of EKS calls addresses of the VPC only, and a pod behind this webhook has another one: that of an overlay, or of a block that was added to the VPC a short while ago.',
    'Run the pods of the webhook on the host network (hostNetwork: true, on a port that is free there), or let the VPC CNI give them their addresses. A block that was just added to the VPC becomes known to the control plane some hours later.',
  ],
  [
    /no endpoints available for service/,
    'No pod behind its Service is Ready.',
    'Start with the pods of that Service. If they wait for this very webhook, exempt their namespace from it (namespaceSelector) or set its failurePolicy to Ignore until they run.',
  ],
  [
    /service "[^"]*" not found/,
    'Its Service does not exist: what brought it is no longer installed, and its webhook configuration was left behind.',
    'Install it again, or delete its webhook configuration.',
  ],
  [
    /x509|certificate|tls: /,
    'The API server does not accept its certificate.',
    'Renew the certificate of the webhook, and write its authority into caBundle of the webhook configuration (cert-manager’s cainjector, or the chart, does both).',
  ],
  [
    /connection refused|connection reset/,
    'Its pod was reached, and nothing listens at the port.',
    'Compare targetPort of its Service with the port at which its pods listen, and read their log.',
  ],
  [
    /deadline exceeded|[Tt]imeout|timed out|no route to host/,
    'The control plane got no answer from the pods behind it.',
    'The control plane calls the address of such a pod itself, through its ENIs in the VPC: let the security groups of the nodes (or of the pod, if it has a branch ENI) accept the cluster’s security group on the port at which the pod listens (targetPort: 9443, 8443, 10250, 15017 …), and check NetworkPolicies and the network ACLs of the subnets. Then check that the pod itself answers.',
  ],
];

const WEBHOOK = /calling (?:admission )?webhook "([^"]{1,200})"/;

/** Webhooks that EKS runs in its control plane, by their domain. */
const OF_EKS: readonly (readonly [domain: RegExp, what: string])[] = [
  [/\.vpc\.k8s\.aws$/, 'the VPC resource controller (security groups for pods, addresses of Windows pods)'],
  [/^iam-for-pods\.amazonaws\.com$/, 'IAM roles of pods (service accounts and Pod Identity)'],
];

function webhookText(text: string): TextExplanation | null {
  const name = WEBHOOK.exec(text)?.[1];
  if (name === undefined) return null;
  const ofEks = OF_EKS.find(([domain]) => domain.test(name))?.[1];
  if (ofEks !== undefined && /127\.0\.0\.1|localhost/.test(text))
    return {
      why: `The webhook ${name} of ${ofEks} did not answer. EKS runs it inside the control plane: no node, pod or security group is involved.`,
      advice:
        'Wait a few minutes: the control plane may be changing. If it stays, open a support case with AWS, and check that nobody has changed its webhook configuration, which EKS manages.',
    };
  // The address that was called has words of its own: `?timeout=10s`.
  const answer = text.replace(/https?:\/\/\S+/g, '');
  const found = UNANSWERED.find(([message]) => message.test(answer));
  return found === undefined
    ? { why: `The webhook ${name} failed.`, advice: 'Check the pods behind the webhook, and their log.' }
    : { why: `The API server asks the webhook ${name} about each of these pods. ${found[1]}`, advice: found[2] };
}

const TEXTS: readonly (readonly [message: RegExp, why: (subject: string) => string, advice: string])[] = [
  [
    /webhook "([^"]{1,200})" denied the request/,
    (name) => `The webhook ${name} rejects them; the event says why.`,
    'Change what it names in the pod template, or exempt the workload from that policy.',
  ],
  [
    /exceeded quota: ([^,\s]+)/,
    (quota) => `The ResourceQuota ${quota} of the namespace has no room for them. The network is not involved.`,
    'Raise the quota, or remove what uses it up.',
  ],
  [
    /failed quota: ([^:,\s]+)/,
    (quota) => `The ResourceQuota ${quota} of the namespace demands requests or limits that the pod template lacks.`,
    'Add what the event names to the pod template, or a LimitRange with defaults to the namespace.',
  ],
  [
    /serviceaccount "([^"]+)" not found/i,
    (name) => `Their service account ${name} does not exist.`,
    'Create it, or correct serviceAccountName in the pod template.',
  ],
  [
    /violates PodSecurity "([^"]+)"/,
    (level) => `The namespace enforces the Pod Security level ${level}, and the pod template exceeds it.`,
    'Change what the event names in the pod template, or label the namespace with a level that allows it (pod-security.kubernetes.io/enforce): agents of the network need privileged.',
  ],
  [
    /security context constraint/i,
    () => 'No SecurityContextConstraint of OpenShift that its service account may use allows them.',
    'Give the service account the right to one that does (oc adm policy add-scc-to-user), or ask for less.',
  ],
  [
    /no PriorityClass with name (\S+) was found/,
    (name) => `The PriorityClass ${name} does not exist.`,
    'Create it, or correct priorityClassName in the pod template.',
  ],
  [
    /request did not complete within/,
    () => 'The API server gave up after its time limit: usually a webhook that does not answer uses it up.',
    'List the webhooks for pods (kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations) and check the pods behind them.',
  ],
];

/** Null for a message that ifscope does not know. */
export function creationText(text: string): TextExplanation | null {
  const webhook = webhookText(text);
  if (webhook !== null) return webhook;
  for (const [message, why, advice] of TEXTS) {
    const found = message.exec(text);
    if (found !== null) return { why: why(found[1] ?? ''), advice };
  }
  return null;
}

/** Whether the message is about the way to a webhook, or a webhook of the cluster's network. */
export const isOfNetwork = (text: string): boolean => WEBHOOK.test(text) || text.includes('.vpc.k8s.aws"');
