/**
 * Identifies the content of a capture's file: kubectl's output has a `kind`, the AWS CLI's has the fields of its
 * objects, ipamd's has `ENIs`. File names matter only for an empty list, whose kind is otherwise unknown.
 */
import type { IpamdEnisFact } from '../../model/facts';
import { keptFor } from '../../model/remembered';
import { normaliseCheckpoint } from '../../normalise/aws-node/checkpoint';
import { normaliseEnis } from '../../normalise/aws-node/enis';
import { cidrText, fields, items, objectOrNull, readEach, text } from '../../normalise/read/guards';
import type { Fields } from '../../normalise/read/guards';
import { readDocuments } from './documents';
import { ec2Element, ec2Lists, ec2RowOf, isOwnInterface, isPlainList } from './ec2';
import type { Ec2Part } from './ec2';
import { eksNotNeeded, readEksCluster } from './eks';
import type { EksCluster } from './eks';
import { isIpamdSettings } from './ipamd-settings';
import { AN_ERROR } from './lines';

/** A Kubernetes object; `group` is empty for the core group. */
export interface FoundObject {
  readonly group: string;
  readonly kind: string;
  readonly object: unknown;
}

/** How a document was recognised. */
export type FoundContent =
  | {
      readonly type: 'kubernetes';
      readonly objects: readonly FoundObject[];
      /** Kind of a typed list (`PodList`), so that an empty one can be identified; null for a `List`. */
      readonly listOf: { readonly group: string; readonly kind: string } | null;
      /** Whether they came as a list, not as single objects. */
      readonly isList: boolean;
      /** A page of a longer list. */
      readonly partial: boolean;
    }
  | {
      readonly type: 'ec2';
      readonly parts: readonly Ec2Part[];
      /** As of Kubernetes' objects. */
      readonly isList: boolean;
      readonly partial: boolean;
    }
  /** From DescribeVpcs. */
  | { readonly type: 'vpc'; readonly id: string; readonly cidrs: readonly string[] }
  /** From EKS' DescribeCluster. */
  | { readonly type: 'eks'; readonly cluster: EksCluster }
  | { readonly type: 'version'; readonly gitVersion: string }
  | { readonly type: 'metrics'; readonly text: string }
  /** Of any program. */
  | { readonly type: 'log'; readonly text: string }
  /** ipamd's `/v1/enis`. */
  | { readonly type: 'enis'; readonly answer: unknown }
  /** ipamd's `/v1/ipamd-env-settings`. */
  | { readonly type: 'settings'; readonly answer: Fields }
  /** ipamd's checkpoint file. */
  | { readonly type: 'checkpoint'; readonly answer: unknown }
  /**
   * `inLine`: the error is in that line itself, not somewhere in the document that begins there. `sort`: something
   * other than a damaged answer.
   */
  | {
      readonly type: 'unreadable';
      readonly reason: string;
      readonly inLine?: true;
      readonly sort?: 'log' | 'foreign';
    };

/** `line`: the start of the document, or the line of the error. */
export type FileContent = FoundContent & { readonly line: number };

/** The contents of a file, in file order. An empty file gives one `unreadable`. */
export function readCaptureFile(content: string): readonly FileContent[] {
  const { documents, metrics, logs, unreadable } = readDocuments(content);
  const found: FileContent[] = [
    ...documents.flatMap(({ line, value }) => readDocument(value).map((one) => ({ ...one, line }))),
    ...metrics.map((one): FileContent => ({ type: 'metrics', ...one })),
    ...logs.map((one): FileContent => ({ type: 'log', ...one })),
    ...unreadable.map((one): FileContent => ({ type: 'unreadable', inLine: true, ...one })),
  ];
  if (found.length === 0) return [{ type: 'unreadable', line: 1, reason: 'is empty' }];
  return found.sort((a, b) => a.line - b.line);
}

/** Maximum depth of lists nested by a query. */
const MAX_DEPTH = 6;

/** Collects the contents of one document. */
class Walk {
  readonly found: FoundContent[] = [];
  /** EC2 objects found alone or in a list, by their key in the complete answer. */
  readonly elements = new Map<string, unknown[]>();
  readonly objects: FoundObject[] = [];
  /** Keys of content that ifscope does not read. */
  readonly strange: string[] = [];
  /** Number of network interfaces without tags. */
  bare = 0;
  /** Whether a list ends before its kind. */
  isCutOff = false;
  /** Whether the next element of the list is the next page of this one. */
  private isFollowed = false;

  get isEmpty(): boolean {
    return this.found.length + this.elements.size + this.objects.length === 0;
  }

  visit(value: unknown, depth: number): void {
    if (Array.isArray(value)) {
      if (depth >= MAX_DEPTH) this.strange.push('lists in lists');
      else
        for (const [index, one] of (value as readonly unknown[]).entries()) {
          this.isFollowed = isSameAnswer(one, value[index + 1]);
          this.visit(one, depth + 1);
        }
      this.isFollowed = false;
      return;
    }
    const root = objectOrNull(value);
    if (root !== null) this.object(root, depth);
    else this.strange.push(typeof value === 'string' ? 'text' : String(value));
  }

  private object(root: Fields, depth: number): void {
    const list = readVersion(root) ?? readList(root);
    if (list !== null) {
      this.found.push(list.type === 'kubernetes' && this.isFollowed ? { ...list, partial: false } : list);
      // `kubectl get -f` on files that are lists, or lists combined by hand.
      const inner = list.type === 'kubernetes' ? items(root['items']).filter(isList) : [];
      if (inner.length > 0) this.visit(inner, depth);
      return;
    }
    if (isWatched(root)) {
      if (root['type'] !== 'DELETED') this.visit(root['object'], depth);
      return;
    }
    // kubectl writes the kind after the items.
    if (text(root['apiVersion']) !== null && Array.isArray(root['items'])) this.isCutOff = true;
    const object = foundObject(root, null);
    if (object !== null) {
      const reason = NO_ANSWERS[`${object.group}/${object.kind}`];
      if (reason === undefined) this.objects.push(object);
      else this.found.push({ type: 'unreadable', reason });
      return;
    }
    const other = readVpc(root) ?? readEks(root);
    if (other !== null) {
      this.found.push(other);
      return;
    }
    const element = ec2Element(root);
    if (element !== null) {
      keptFor(this.elements, element.key, () => []).push(element.element);
      return;
    }
    if (isOwnInterface(root)) {
      this.bare++;
      return;
    }
    const parts = ec2Lists(root);
    const plain = parts.filter(isPlainList);
    if (plain.length > 0) {
      const partial = isPage(root) && !this.isFollowed;
      this.found.push({ type: 'ec2', parts: plain, isList: true, partial });
    }
    if (parts.length > 0) {
      for (const part of parts) if (!plain.includes(part)) this.visit(part.list, depth + 1);
      return;
    }
    const ofIpamd = isEnis(root) ? 'enis' : normaliseCheckpoint(root, '', null, 0) === null ? null : 'checkpoint';
    if (ofIpamd !== null) {
      this.found.push({ type: ofIpamd, answer: root });
      return;
    }
    if (isIpamdSettings(root)) this.found.push({ type: 'settings', answer: root });
    else this.wrapper(root, depth);
  }

  /** The output of `--query '{enis: NetworkInterfaces[]}'` or `jq '{items}'`: lists under arbitrary keys. */
  private wrapper(root: Fields, depth: number): void {
    const lists = Object.values(root).filter(
      (one) => Array.isArray(one) && one.length > 0 && one.every((item) => typeof item === 'object'),
    );
    if (lists.length === 0 || depth >= MAX_DEPTH) {
      const keys = Object.keys(root).slice(0, 5).join(', ').slice(0, 120);
      this.strange.push(keys === '' ? '{}' : keys);
      return;
    }
    for (const one of lists) this.visit(one, depth + 1);
  }
}

/** What an API server returns instead of objects. */
const NO_ANSWERS: Readonly<Record<string, string>> = {
  '/Status': AN_ERROR,
  'meta.k8s.io/Table': 'is a human-readable table, not the objects; take it again with kubectl get -o json',
};

function readDocument(value: unknown): readonly FoundContent[] {
  if (typeof value !== 'object' || value === null)
    return [{ type: 'unreadable', reason: 'holds neither an object nor a list of objects', sort: 'foreign' }];
  if (Array.isArray(value) && value.length === 0)
    return [{ type: 'kubernetes', objects: [], listOf: null, isList: true, partial: false }];
  const walk = new Walk();
  walk.visit(value, 0);
  return [
    ...walk.found,
    ...(walk.objects.length === 0
      ? []
      : [
          {
            type: 'kubernetes' as const,
            objects: walk.objects,
            listOf: null,
            isList: Array.isArray(value),
            partial: false,
          },
        ]),
    ...(walk.elements.size === 0 ? [] : [ec2Of(walk.elements, Array.isArray(value))]),
    ...notRead(walk),
  ];
}

function ec2Of(elements: ReadonlyMap<string, readonly unknown[]>, isList: boolean): FoundContent {
  const parts = [...elements].flatMap(([key, list]) => {
    const row = ec2RowOf(key);
    return row === null ? [] : [{ row, key, list }];
  });
  return { type: 'ec2', parts, isList, partial: false };
}

/** The output of `kubectl get --watch --output-watch-events`. */
const isWatched = (root: Fields): boolean =>
  (root['type'] === 'ADDED' || root['type'] === 'MODIFIED' || root['type'] === 'DELETED') &&
  objectOrNull(root['object']) !== null;

function* notRead({ isEmpty, strange, bare, isCutOff }: Walk): Iterable<FoundContent> {
  if (isCutOff)
    yield {
      type: 'unreadable',
      reason: 'ends too early: the kind of the list, which follows its items, is missing; take it again',
    };
  if (bare > 0)
    yield {
      type: 'unreadable',
      reason: `lists ${bare} ${bare === 1 ? 'interface' : 'interfaces'} of an instance, without tags; take the answer of aws ec2 describe-network-interfaces`,
    };
  const [first] = strange;
  if (first === undefined) return;
  if (!isEmpty || bare > 0)
    yield { type: 'unreadable', reason: `holds ${strange.length} more that ifscope does not read (first: ${first})` };
  else if (first === '{}') yield { type: 'unreadable', reason: 'is an empty object', sort: 'foreign' };
  else
    yield {
      type: 'unreadable',
      reason: `holds no API answer that ifscope reads (top keys: ${first})`,
      sort: 'foreign',
    };
}

const isPage = (root: Fields): boolean => text(root['NextToken']) !== null;

/** Whether `next` is the page after `page`, as `aws --output yaml-stream` and `jq -s` write pages. */
function isSameAnswer(page: unknown, next: unknown): boolean {
  const [one, other] = [objectOrNull(page), objectOrNull(next)];
  if (one === null || other === null) return false;
  const isKubernetes = Array.isArray(one['items']) && Array.isArray(other['items']);
  return isKubernetes
    ? one['kind'] === other['kind'] && one['apiVersion'] === other['apiVersion']
    : ec2Lists(one).some(({ key }) => Array.isArray(other[key]));
}

/** An empty object is not accepted: it would be the answer of a node without ENIs, which does not exist. */
const isEnis = (root: Fields): boolean => {
  const fact: IpamdEnisFact | null = normaliseEnis(root, '', null);
  return fact !== null && (fact.enis.length > 0 || ['ENIs', 'ENIIPPools', '0'].some((key) => key in root));
};

/** A VPC as listed by DescribeVpcs, with its associated CIDR blocks. */
function readVpc(root: Fields): FoundContent | null {
  const id = text(root['VpcId']);
  const blocks = root['CidrBlockAssociationSet'];
  if (id === null || !Array.isArray(blocks)) return null;
  const of = (list: unknown, field: string): readonly string[] =>
    readEach(list, (one) => {
      const state = text(fields(fields(one)[`${field}State`])['State']);
      return state === null || state === 'associated' ? cidrText(fields(one)[field]) : null;
    });
  return {
    type: 'vpc',
    id,
    cidrs: [...of(blocks, 'CidrBlock'), ...of(root['Ipv6CidrBlockAssociationSet'], 'Ipv6CidrBlock')],
  };
}

function readEks(root: Fields): FoundContent | null {
  const cluster = readEksCluster(root);
  if (cluster !== null) return { type: 'eks', cluster };
  const reason = eksNotNeeded(root);
  return reason === null ? null : { type: 'unreadable', reason, sort: 'foreign' };
}

/** The output of `kubectl version -o json` or `/version`. */
function readVersion(root: Fields): FoundContent | null {
  if ('kind' in root) return null;
  const gitVersion = text(fields(root['serverVersion'])['gitVersion']) ?? text(root['gitVersion']);
  return gitVersion === null ? null : { type: 'version', gitVersion };
}

function isList(value: unknown): boolean {
  const root = objectOrNull(value);
  const kind = root === null ? null : text(root['kind']);
  return kind === 'List' || (kind?.endsWith('List') === true && Array.isArray(root?.['items']));
}

function readList(root: Fields): FoundContent | null {
  const kind = text(root['kind']);
  if (kind === null || !isList(root)) return null;
  const listOf = kind === 'List' ? null : { group: groupOf(root), kind: kind.slice(0, -'List'.length) };
  return {
    type: 'kubernetes',
    objects: items(root['items']).flatMap((item) => (isList(item) ? [] : (foundObject(item, listOf) ?? []))),
    listOf,
    isList: true,
    partial: text(fields(root['metadata'])['continue']) !== null,
  };
}

/** The kind of an object according to its fields: the output of `kubectl get --raw … | jq .items` has no kind. */
function kindByFields(object: Fields): string | null {
  if (text(fields(object['metadata'])['name']) === null) return null;
  if (objectOrNull(fields(object['status'])['nodeInfo']) !== null) return 'Node';
  if (Array.isArray(fields(object['spec'])['containers'])) return 'Pod';
  return objectOrNull(object['involvedObject']) === null ? null : 'Event';
}

/** Items of a typed list have no kind of their own if they come directly from the API server. */
function foundObject(
  value: unknown,
  listOf: { readonly group: string; readonly kind: string } | null,
): FoundObject | null {
  const object = objectOrNull(value);
  if (object === null) return null;
  const kind = text(object['kind']) ?? listOf?.kind ?? kindByFields(object);
  if (kind === null) return null;
  return { group: text(object['apiVersion']) === null ? (listOf?.group ?? '') : groupOf(object), kind, object };
}

/** `apps/v1` → `apps`, `v1` → ``. */
function groupOf(object: Fields): string {
  const version = text(object['apiVersion']) ?? '';
  const slash = version.indexOf('/');
  return slash < 0 ? '' : version.slice(0, slash);
}
