/** The causes of findings in words, and which of them appear above the picture. */
import { counted, thousands } from '../model/counted';
import type { Cause } from './troubles';

const TERMS: Readonly<Record<string, string>> = {
  eni: 'ENI',
  enis: 'ENIs',
  ip: 'IP',
  ec2: 'EC2',
  cni: 'CNI',
  vpc: 'VPC',
  nic: 'NIC',
  ipam: 'IPAM',
  multus: 'Multus',
  eniconfig: 'ENIConfig',
};

/** `max-pods-too-high` → "max pods too high": a rule's id describes the problem. */
export const ruleWords = (rule: string): string =>
  rule
    .replace('no-manage', 'no_manage')
    .split('-')
    .map((word) => TERMS[word] ?? word)
    .join(' ');

/** `max pods too high on 980 of 1,000 nodes`; for findings without a node, their number. `all`: number of all nodes. */
export function causeWords({ rule, nodes, findings, shared }: Cause, all: number): string {
  const what = ruleWords(rule);
  if (nodes.size === 0) return findings === 1 ? what : `${what} · ${thousands(findings)}`;
  if (shared) return `${what} on ${nodes.size === all ? 'all' : `${thousands(nodes.size)} of`} ${thousands(all)} nodes`;
  return `${what} on ${counted(nodes.size, 'node')}`;
}

/** Maximum number of causes above the picture. */
const SHOWN = 4;

/**
 * Errors first, then causes that many nodes share (they mark no node), then the other warnings. Findings of severity
 * info are shown only in the list of findings. `rest`: number of warning and error causes left out.
 */
export function foremostCauses(causes: readonly Cause[]): { readonly shown: readonly Cause[]; readonly rest: number } {
  const ranked = [
    ...causes.filter(({ severity }) => severity === 'error'),
    ...causes.filter(({ severity, shared }) => severity === 'warning' && shared),
    ...causes.filter(({ severity, shared }) => severity === 'warning' && !shared),
  ];
  return { shown: ranked.slice(0, SHOWN), rest: Math.max(0, ranked.length - SHOWN) };
}
