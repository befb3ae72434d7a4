/** Recognises aws-node (vpc-cni §9) and reads its version and the variables that affect ipamd; no other variables are kept. */
import type { AwsNodeAgent } from '../../model/facts';
import { CNI_NUMBERS, CNI_SWITCHES, INIT_EARLY_DEMUX } from '../../model/cni-variables';
import { fields, items, text } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern, internStringMap } from '../read/intern';
import { imageTag } from './image';
import type { KubernetesObject } from './object';

/** The only environment variables that ifscope keeps: those of vpc-cni §9 that change topology or warm pool. */
export const AWS_NODE_VARIABLES = new Set<string>([
  ...Object.values(CNI_NUMBERS),
  ...Object.values(CNI_SWITCHES),
  'ENABLE_IPv4',
  'ENABLE_IPv6',
  'ENI_CONFIG_LABEL_DEF',
  'ENI_CONFIG_ANNOTATION_DEF',
  'POD_SECURITY_GROUP_ENFORCING_MODE',
  'DISABLE_NETWORK_RESOURCE_PROVISIONING',
  'DISABLE_LEAKED_ENI_CLEANUP',
  'CLUSTER_NAME',
  'VPC_ID',
  'ANNOTATE_POD_IP',
  'AWS_VPC_K8S_CNI_VETHPREFIX',
  'AWS_VPC_ENI_MTU',
  'POD_MTU',
  'ENABLE_V4_EGRESS',
  'ENABLE_V6_EGRESS',
  'DISABLE_METRICS',
  'DISABLE_TCP_EARLY_DEMUX',
]);

/** The variables of the init container that ifscope keeps. */
const INIT_VARIABLES: ReadonlySet<string> = new Set(['DISABLE_TCP_EARLY_DEMUX']);

/** Maximum length of a sensible value, in characters. */
const MAX_VALUE_LENGTH = 256;

/** The parts of the object that a variable's value may come from. */
type Source = Pick<KubernetesObject, 'meta' | 'labels' | 'annotations' | 'spec'>;

/** The agent of a pod, or of a DaemonSet by its template; null if it is not aws-node. */
export function awsNodeAgent(source: Source, of: 'pod' | 'template'): AwsNodeAgent | null {
  const { meta, labels, spec } = source;
  if (labels['k8s-app'] !== 'aws-node' || meta.namespace !== 'kube-system') return null;
  const named = (list: string, name: string): Fields | undefined =>
    items(spec[list])
      .map(fields)
      .find((one) => one['name'] === name);
  const container = named('containers', 'aws-node');
  if (container === undefined) return null;
  const init = named('initContainers', 'aws-vpc-cni-init');
  const image = container['image'];
  const tag = typeof image === 'string' ? imageTag(image) : null;
  return {
    version: tag === null ? null : intern(tag),
    env: {
      ...environmentOf(container, source, of, AWS_NODE_VARIABLES),
      ...(init === undefined ? {} : initEnvironmentOf(environmentOf(init, source, of, INIT_VARIABLES))),
    },
  };
}

/** The map also contains the default: without the entry, the object has no init container. */
const initEnvironmentOf = ({ DISABLE_TCP_EARLY_DEMUX: value = 'false' }: Environment): Environment => ({
  [INIT_EARLY_DEMUX]: value,
});

/** Null: the variable is set, or may be set, to a value from another object (a ConfigMap, a Secret) or a variable that is not kept. */
type Environment = AwsNodeAgent['env'];

function environmentOf(
  container: Fields,
  source: Source,
  of: 'pod' | 'template',
  kept: ReadonlySet<string>,
): Environment {
  const values: Record<string, string> = {};
  const unknown = new Set<string>();
  for (const item of items(container['envFrom'])) {
    const prefix = text(fields(item)['prefix']) ?? '';
    for (const name of kept) if (name.startsWith(prefix)) unknown.add(name);
  }
  const open = unknown.size > 0;
  for (const item of items(container['env'])) {
    const variable = fields(item);
    const name = variable['name'];
    if (typeof name !== 'string' || !kept.has(name)) continue;
    // As in the kubelet, the last entry of a name wins, even without a literal value, and any entry takes precedence over
    // `envFrom`.
    const value =
      'valueFrom' in variable
        ? referenced(fields(variable['valueFrom']), source, of)
        : expanded(typeof variable['value'] === 'string' ? variable['value'] : '', values, unknown, open);
    Reflect.deleteProperty(values, name);
    unknown.delete(name);
    if (value === null) unknown.add(name);
    else values[name] = value.slice(0, MAX_VALUE_LENGTH);
  }
  const known = internStringMap(values);
  return unknown.size === 0
    ? known
    : { ...known, ...Object.fromEntries([...unknown].sort().map((one) => [one, null])) };
}

const OF_METADATA = /^metadata\.(annotations|labels)\['(.+)'\]$/;

/** The value of a field of the same pod (`fieldRef`); as in the kubelet, empty for a missing annotation or label. Null for other sources. */
function referenced(from: Fields, { meta, labels, annotations, spec }: Source, of: 'pod' | 'template'): string | null {
  const path = text(fields(from['fieldRef'])['fieldPath']);
  if (path === null) return null;
  const ofMetadata = OF_METADATA.exec(path);
  if (ofMetadata !== null) {
    const [, map, key = ''] = ofMetadata;
    const value = (map === 'labels' ? labels : annotations)[key];
    if (typeof value === 'string') return value;
    // An admission webhook may add to the pods what the template lacks.
    return of === 'pod' ? '' : null;
  }
  if (path === 'metadata.namespace') return meta.namespace;
  if (of === 'template') return null;
  if (path === 'metadata.name') return meta.name;
  return path === 'spec.nodeName' ? text(spec['nodeName']) : null;
}

/**
 * Expands references: `$(NAME)` to an earlier variable, `$$` to a dollar sign. Unset variables and those that are not kept
 * remain as written.
 */
function expanded(
  value: string,
  values: Readonly<Record<string, string>>,
  unknown: ReadonlySet<string>,
  open: boolean,
): string | null {
  const notKnown: string[] = [];
  const result = value.replaceAll(/\$\$|\$\(([^)]*)\)/g, (written, name: string | undefined) => {
    if (name === undefined) return '$';
    if (values[name] !== undefined) return values[name];
    if (open || unknown.has(name) || !AWS_NODE_VARIABLES.has(name)) notKnown.push(name);
    return written;
  });
  return notKnown.length === 0 ? result : null;
}
