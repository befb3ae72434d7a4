/** Why the API server rejects the pods of a workload, according to its controller's Event. */
import type { TextExplanation } from './known-texts';

/** The part of a message that says why a webhook did not answer. */
const UNANSWERED: readonly (readonly [message: RegExp, why: string, advice: string])[] = [
  [
    /Address is not allowed/,
    'The EKS control plane connects only to addresses in CIDR blocks of the VPC that it knows, and a pod behind this webhook has another address: in an overlay network, or in a CIDR block that was added to the VPC recently.',
    'Run the pods of the webhook on the host network (hostNetwork: true, on a port that is free there), or let the VPC CNI assign their addresses. The control plane recognizes a new CIDR block of the VPC only after some hours.',
  ],
  [
    /no endpoints available for service/,
    'No pod behind its Service is Ready.',
    'Find out why the pods of that Service are not Ready. If they wait for this same webhook, exclude their namespace from it (namespaceSelector), or set its failurePolicy to Ignore until they run.',
  ],
  [
    /service "[^"]*" not found/,
    'Its Service does not exist: its application was uninstalled, and the webhook configuration was left behind.',
    'Reinstall the application, or delete the webhook configuration.',
  ],
  [
    /x509|certificate|tls: /,
    'The API server does not trust its certificate.',
    'Renew the certificate of the webhook, and set caBundle of the webhook configuration to its CA (cert-manager’s cainjector or the chart does both).',
  ],
  [
    /connection refused|connection reset/,
    'Its pod is reachable, but nothing listens on the port.',
    'Compare targetPort of its Service with the port on which its pods listen, and read their logs.',
  ],
  [
    /deadline exceeded|[Tt]imeout|timed out|no route to host/,
    'The control plane got no answer from the pods behind it.',
    'The control plane connects directly to the pod’s address, through its ENIs in the VPC. Allow traffic from the cluster security group in the security groups of the nodes (or of the pod, if it has a branch ENI) on the port on which the pod listens (targetPort: 9443, 8443, 10250, 15017 …), and check NetworkPolicies and the network ACLs of the subnets. Then check that the pod itself answers.',
  ],
];

const WEBHOOK = /calling (?:admission )?webhook "([^"]{1,200})"/;

/** Webhooks that EKS runs in its control plane, by domain. */
const OF_EKS: readonly (readonly [domain: RegExp, what: string])[] = [
  [/\.vpc\.k8s\.aws$/, 'the VPC resource controller (security groups for pods, IP addresses of Windows pods)'],
  [/^iam-for-pods\.amazonaws\.com$/, 'IAM roles for pods (IRSA and Pod Identity)'],
];

function webhookText(text: string): TextExplanation | null {
  const name = WEBHOOK.exec(text)?.[1];
  if (name === undefined) return null;
  const ofEks = OF_EKS.find(([domain]) => domain.test(name))?.[1];
  if (ofEks !== undefined && /127\.0\.0\.1|localhost/.test(text))
    return {
      why: `The webhook ${name} of ${ofEks} did not answer. EKS runs it inside the control plane: no node, pod or security group is involved.`,
      advice:
        'Wait a few minutes: EKS may be updating the control plane. If the error persists, check that the webhook configuration, which EKS manages, was not modified, and open a support case with AWS.',
    };
  // The URL of the call contains such words, too: `?timeout=10s`.
  const answer = text.replace(/https?:\/\/\S+/g, '');
  const found = UNANSWERED.find(([message]) => message.test(answer));
  return found === undefined
    ? { why: `The webhook ${name} failed.`, advice: 'Check the pods behind the webhook, and their logs.' }
    : { why: `The API server calls the webhook ${name} for each of these pods. ${found[1]}`, advice: found[2] };
}

const TEXTS: readonly (readonly [message: RegExp, why: (subject: string) => string, advice: string])[] = [
  [
    /webhook "([^"]{1,200})" denied the request/,
    (name) => `The webhook ${name} rejects them; the event says why.`,
    'Change the fields that it names in the pod template, or exempt the workload from that policy.',
  ],
  [
    /exceeded quota: ([^,\s]+)/,
    (quota) => `They would exceed the ResourceQuota ${quota} of the namespace. The network is not involved.`,
    'Raise the quota, or remove other objects that count against it.',
  ],
  [
    /failed quota: ([^:,\s]+)/,
    (quota) =>
      `The ResourceQuota ${quota} of the namespace requires resource requests or limits that the pod template lacks.`,
    'Add those that the event names to the pod template, or add a LimitRange with defaults to the namespace.',
  ],
  [
    /serviceaccount "([^"]+)" not found/i,
    (name) => `Their service account ${name} does not exist.`,
    'Create it, or correct serviceAccountName in the pod template.',
  ],
  [
    /violates PodSecurity "([^"]+)"/,
    (level) => `The namespace enforces the Pod Security Standard ${level}, and the pod template violates it.`,
    'Change the fields that the event names in the pod template, or label the namespace with a level that allows them (pod-security.kubernetes.io/enforce). Network agents need privileged.',
  ],
  [
    /security context constraint/i,
    () => 'No SecurityContextConstraints (OpenShift) that their service account may use allow them.',
    'Grant the service account SecurityContextConstraints that do (oc adm policy add-scc-to-user), or request fewer privileges in the pod template.',
  ],
  [
    /no PriorityClass with name (\S+) was found/,
    (name) => `The PriorityClass ${name} does not exist.`,
    'Create it, or correct priorityClassName in the pod template.',
  ],
  [
    /request did not complete within/,
    () => 'The request to the API server timed out, usually because a webhook does not answer.',
    'List the webhook configurations (kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations), and check the pods behind those for pods.',
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

/** Whether the message is about reaching a webhook, or about a webhook of the cluster's network. */
export const isOfNetwork = (text: string): boolean => WEBHOOK.test(text) || text.includes('.vpc.k8s.aws"');
