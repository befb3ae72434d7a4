/**
 * Pods and nodes in the output of `kubectl describe`, as API objects. Posts often contain nothing else. It lacks some
 * fields and shortens lines of annotations after 140 characters, so an object is read only if no annotation that matters
 * here is cut off.
 */

import { describedTime } from './clock';

interface Line {
  readonly indent: number;
  readonly key: string;
  /** Empty if the key has only lines below it. */
  readonly value: string;
  readonly below: readonly Line[];
}

interface Described {
  readonly [field: string]: unknown;
}

/** A longer description is not from a post. */
const MAX_LINES = 20_000;

const NONE = /^<(?:none|unset|unknown)>$/;
const given = (text: string | undefined): string | null =>
  text === undefined || text === '' || NONE.test(text) ? null : text;

/** `Key:   value`; a key may contain blanks, a value of its own line has none. */
const KEYED = /^([^:\s][^:]*(?::[^:\s][^:]*)*?):(?:\s+(.*))?$/;

/** The lines as a tree by their indentation. */
function treeOf(lines: readonly string[]): readonly Line[] {
  const root: Line[] = [];
  const open: { readonly indent: number; readonly below: Line[] }[] = [{ indent: -1, below: root }];
  for (const text of lines.slice(0, MAX_LINES)) {
    if (text.trim() === '') continue;
    const indent = text.length - text.trimStart().length;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const [, key = text.trim(), value = ''] = KEYED.exec(text.trim()) ?? [];
    const below: Line[] = [];
    open.at(-1)?.below.push({ indent, key, value: value.trim(), below });
    open.push({ indent, below });
  }
  return root;
}

const find = (lines: readonly Line[], key: string): Line | undefined => lines.find((line) => line.key === key);
const valueOf = (lines: readonly Line[], key: string): string | null => given(find(lines, key)?.value);

const time = (text: string | null): string | undefined => describedTime(text) ?? undefined;

/** The raw lines of a section at the left edge, the first one without its heading but at the same column. */
function sectionOf(lines: readonly string[], heading: string): readonly string[] {
  const from = lines.findIndex((line) => line.startsWith(`${heading}:`));
  if (from < 0) return [];
  const rest = lines.slice(from + 1);
  const end = rest.findIndex((line) => /^\S/.test(line));
  const first = (lines[from] ?? '').replace(/^[^:]*:/, (title) => ' '.repeat(title.length));
  return [first, ...rest.slice(0, end < 0 ? undefined : end)].filter((line) => line.trim() !== '');
}

/** `a=b` on lines of its own. */
const labelsOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    sectionOf(lines, 'Labels').flatMap((line) => {
      const [, key, value] = /^\s*([^=\s]+)=(\S*)\s*$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value ?? '']];
    }),
  );

/** Annotations that are read; others may be cut off. */
const READ = /(?:cni\.cncf\.io|vpc\.amazonaws\.com|eks\.amazonaws\.com|k8s\.ovn\.org|multus)/;
/** In characters: kubectl cuts after 138 bytes. */
const CUT_AT = 100;

/** The complete fields of a list with one object that is cut off; null for other text. */
function withoutCut(text: string): string | null {
  const end = text.lastIndexOf(',"');
  const mended = `${text.slice(0, end)}}]`;
  try {
    const read = JSON.parse(mended) as unknown;
    return end > 0 && Array.isArray(read) && read.length === 1 ? mended : null;
  } catch {
    return null;
  }
}

/** Null if one that matters is cut off. */
function annotationsOf(lines: readonly string[]): Record<string, string> | null {
  const section = sectionOf(lines, 'Annotations').filter((line) => !NONE.test(line.trim()));
  const [first = ''] = section;
  const column = first.length - first.trimStart().length;
  const found = new Map<string, string>();
  let key = '';
  for (const line of section) {
    const indent = line.length - line.trimStart().length;
    if (indent <= column) {
      const [, name = '', value = ''] = KEYED.exec(line.trim()) ?? [];
      if (name === '') return null;
      key = name;
      found.set(key, value);
      continue;
    }
    const printed = line.slice(column + 2);
    const isCut = READ.test(key) && printed.length >= CUT_AT && printed.endsWith('...');
    const text = isCut ? withoutCut(printed) : printed;
    if (text === null) return null;
    const before = found.get(key) ?? '';
    found.set(key, before === '' ? text : `${before}\n${text}`);
  }
  return Object.fromEntries(found);
}

/** `Waiting` with its reason below, as a container's state in the API. */
function stateOf(line: Line | undefined): Described | undefined {
  if (line === undefined || line.value === '') return undefined;
  const code = valueOf(line.below, 'Exit Code');
  return {
    [line.value.toLowerCase()]: {
      reason: valueOf(line.below, 'Reason') ?? undefined,
      message: valueOf(line.below, 'Message') ?? undefined,
      exitCode: code === null ? undefined : Number(code),
      startedAt: time(valueOf(line.below, 'Started')),
      finishedAt: time(valueOf(line.below, 'Finished')),
    },
  };
}

const quantities = (line: Line | undefined): Record<string, string> =>
  Object.fromEntries((line?.below ?? []).map(({ key, value }) => [key, value]));

/** A variable as kubectl writes it: a value, or where it is from. */
function variable({ key, value }: Line): Described {
  const [, map] = /^<set to the key '.*' of config map '([^']+)'>/.exec(value) ?? [];
  const [, secret] = /^<set to the key '.*' in secret '([^']+)'>/.exec(value) ?? [];
  const [, fieldPath] = /\(v1:([^()]+)\)$/.exec(value) ?? [];
  if (map !== undefined) return { name: key, valueFrom: { configMapKeyRef: { name: map, key: '' } } };
  if (secret !== undefined) return { name: key, valueFrom: { secretKeyRef: { name: secret, key: '' } } };
  if (fieldPath !== undefined) return { name: key, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
  return { name: key, value };
}

interface Containers {
  readonly spec: readonly Described[];
  readonly status: readonly Described[];
}

function containersOf(line: Line | undefined): Containers {
  const each = (line?.below ?? []).map(({ key: name, below }) => {
    const from = find(below, 'Environment Variables from');
    return {
      spec: {
        name,
        image: valueOf(below, 'Image') ?? undefined,
        env: (find(below, 'Environment')?.below ?? []).map(variable),
        envFrom: (from?.below ?? []).map(({ key }) => ({ configMapRef: { name: key } })),
        resources: { limits: quantities(find(below, 'Limits')), requests: quantities(find(below, 'Requests')) },
      },
      status: {
        name,
        image: valueOf(below, 'Image') ?? undefined,
        ready: valueOf(below, 'Ready') === 'True',
        restartCount: Number(valueOf(below, 'Restart Count') ?? 0),
        state: stateOf(find(below, 'State')),
        lastState: stateOf(find(below, 'Last State')),
      },
    };
  });
  return { spec: each.map(({ spec }) => spec), status: each.map(({ status }) => status) };
}

/** Rows of a table with a heading, by blanks of two or more. */
const rowsOf = (lines: readonly string[], heading: string): readonly (readonly string[])[] =>
  sectionOf(lines, heading)
    .map((line) => line.trim().split(/ {2,}/))
    .filter(([first = '']) => first !== 'Type' && !/^-+$/.test(first));

const controller = (text: string | null): readonly Described[] => {
  const [, kind, name] = /^([A-Za-z]+)\/(\S+)$/.exec(text ?? '') ?? [];
  return kind === undefined ? [] : [{ kind, name, controller: true }];
};

/** A pod; null if it is not whole. Whether it is on the host network shows only in its address. */
function podOf(lines: readonly string[], tree: readonly Line[], name: string): Described | null {
  const annotations = annotationsOf(lines);
  const phase = valueOf(tree, 'Status');
  if (annotations === null || phase === null || !/^(?:Pending|Running|Succeeded|Failed|Unknown)$/.test(phase))
    return null;
  const [node, host] = (valueOf(tree, 'Node') ?? '').split('/');
  const ips = (find(tree, 'IPs')?.below ?? []).flatMap(({ value }) => given(value) ?? []);
  const ip = valueOf(tree, 'IP') ?? ips[0];
  const containers = containersOf(find(tree, 'Containers'));
  const inits = containersOf(find(tree, 'Init Containers'));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: valueOf(tree, 'Namespace') ?? 'default',
      labels: labelsOf(lines),
      annotations,
      creationTimestamp: time(valueOf(tree, 'Start Time')),
      ownerReferences: controller(valueOf(tree, 'Controlled By')),
    },
    spec: {
      ...(node === '' ? {} : { nodeName: node }),
      hostNetwork: ip !== undefined && ip === host,
      containers: containers.spec,
      initContainers: inits.spec,
    },
    status: {
      phase,
      reason: valueOf(tree, 'Reason') ?? undefined,
      message: valueOf(tree, 'Message') ?? undefined,
      startTime: time(valueOf(tree, 'Start Time')),
      hostIP: host,
      ...(ip === undefined ? {} : { podIP: ip, podIPs: (ips.length === 0 ? [ip] : ips).map((one) => ({ ip: one })) }),
      conditions: rowsOf(lines, 'Conditions').map(([type, status]) => ({ type, status })),
      containerStatuses: containers.status,
      initContainerStatuses: inits.status,
    },
  };
}

const taintOf = (text: string): readonly Described[] => {
  const [, key, value, effect] =
    /^([^=:\s]+)(?:=([^:\s]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(text.trim()) ?? [];
  return key === undefined ? [] : [{ key, value: value ?? '', effect }];
};

function nodeOf(lines: readonly string[], tree: readonly Line[], name: string): Described | null {
  const annotations = annotationsOf(lines);
  if (annotations === null) return null;
  const info = find(tree, 'System Info')?.below ?? [];
  const podCidr = valueOf(tree, 'PodCIDR');
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: labelsOf(lines),
      annotations,
      creationTimestamp: time(valueOf(tree, 'CreationTimestamp')),
    },
    spec: {
      providerID: valueOf(tree, 'ProviderID') ?? undefined,
      unschedulable: valueOf(tree, 'Unschedulable') === 'true',
      taints: sectionOf(lines, 'Taints').flatMap(taintOf),
      ...(podCidr === null ? {} : { podCIDR: podCidr, podCIDRs: (valueOf(tree, 'PodCIDRs') ?? podCidr).split(',') }),
    },
    status: {
      addresses: (find(tree, 'Addresses')?.below ?? []).map(({ key: type, value: address }) => ({ type, address })),
      capacity: quantities(find(tree, 'Capacity')),
      allocatable: quantities(find(tree, 'Allocatable')),
      conditions: rowsOf(lines, 'Conditions').map(([type, status, heartbeat, since, reason, message]) => ({
        type,
        status,
        lastHeartbeatTime: time(heartbeat ?? null),
        lastTransitionTime: time(since ?? null),
        reason,
        message,
      })),
      nodeInfo: {
        kernelVersion: valueOf(info, 'Kernel Version') ?? undefined,
        osImage: valueOf(info, 'OS Image') ?? undefined,
        operatingSystem: valueOf(info, 'Operating System') ?? undefined,
        kubeletVersion: valueOf(info, 'Kubelet Version') ?? undefined,
      },
    },
  };
}

/** The pods and nodes that the text describes, one after another; none if one is not whole. */
export function describedObjects(text: string): readonly Described[] {
  const objects = text.split(/^(?=Name: )/m).flatMap((part) => {
    const name = /^Name: +([a-z0-9][a-z0-9.-]*) *$/m.exec(part)?.[1];
    if (name === undefined) return [];
    const lines = part.split('\n');
    if (/^Roles: /m.test(part) && /^Capacity:/m.test(part)) return [nodeOf(lines, treeOf(lines), name)];
    if (/^Node: /m.test(part) && /^Status: /m.test(part)) return [podOf(lines, treeOf(lines), name)];
    return [];
  });
  const whole = objects.filter((one) => one !== null);
  return whole.length === objects.length ? whole : [];
}
