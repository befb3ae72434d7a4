/**
 * One JSON file of a capture, told apart by its content: what kubectl prints has a `kind`, what aws prints has a top key. File names mean nothing, but that an empty `List` tells its kind by nothing else.
 */
import { EC2_CALLS } from '../../normalise/ec2/calls';
import type { AnyEc2Row } from '../../normalise/ec2/calls';
import { fields, items, objectOrNull, text } from '../../normalise/read/guards';
import type { Fields } from '../../normalise/read/guards';

export interface FoundObject {
  readonly group: string;
  readonly kind: string;
  readonly object: unknown;
}

export type FileContent =
  | {
      readonly type: 'kubernetes';
      readonly objects: readonly FoundObject[];
      /** Kind of a typed list (`PodList`), so that an empty one still says what there is none of; null for a `List`. */
      readonly listOf: { readonly group: string; readonly kind: string } | null;
      /** A page of a longer list. */
      readonly partial: boolean;
    }
  | {
      readonly type: 'ec2';
      readonly parts: readonly { readonly row: AnyEc2Row; readonly list: unknown }[];
      readonly partial: boolean;
    }
  | { readonly type: 'version'; readonly gitVersion: string }
  | { readonly type: 'unreadable'; readonly reason: string };

export function readCaptureFile(content: string): FileContent {
  let value: unknown;
  try {
    value = JSON.parse(content.startsWith('\ufeff') ? content.slice(1) : content);
  } catch (error) {
    return { type: 'unreadable', reason: `is not valid JSON (${message(error)})` };
  }
  if (Array.isArray(value)) {
    const objects = (value as readonly unknown[]).flatMap((one) => foundObject(one, null) ?? []);
    if (objects.length > 0) return { type: 'kubernetes', objects, listOf: null, partial: false };
  }
  const root = objectOrNull(value);
  if (root === null) return { type: 'unreadable', reason: 'holds neither an object nor a list of objects' };
  return readEc2(root) ?? readVersion(root) ?? readKubernetes(root) ?? { type: 'unreadable', reason: unknownTop(root) };
}

const message = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 160);

const unknownTop = (root: Fields): string => {
  const keys = Object.keys(root).slice(0, 5).join(', ').slice(0, 120);
  return keys === '' ? 'is an empty object' : `holds no API answer that ifscope reads (top keys: ${keys})`;
};

function readEc2(root: Fields): FileContent | null {
  const parts = EC2_CALLS.flatMap((row) =>
    row.keys.filter((key) => Array.isArray(root[key])).map((key) => ({ row, list: root[key] })),
  );
  return parts.length === 0 ? null : { type: 'ec2', parts, partial: text(root['NextToken']) !== null };
}

/** What `kubectl version -o json` or `/version` prints. */
function readVersion(root: Fields): FileContent | null {
  if ('kind' in root) return null;
  const gitVersion = text(fields(root['serverVersion'])['gitVersion']) ?? text(root['gitVersion']);
  return gitVersion === null ? null : { type: 'version', gitVersion };
}

function readKubernetes(root: Fields): FileContent | null {
  const kind = text(root['kind']);
  if (kind === null) return null;
  const isList = kind === 'List' || (kind.endsWith('List') && Array.isArray(root['items']));
  if (!isList) {
    const one = foundObject(root, null);
    return one === null ? null : { type: 'kubernetes', objects: [one], listOf: null, partial: false };
  }
  const listOf = kind === 'List' ? null : { group: groupOf(root), kind: kind.slice(0, -'List'.length) };
  return {
    type: 'kubernetes',
    objects: items(root['items']).flatMap((item) => foundObject(item, listOf) ?? []),
    listOf,
    partial: text(fields(root['metadata'])['continue']) !== null,
  };
}

/** Items of a typed list carry no kind of their own when they come straight from the API server. */
function foundObject(
  value: unknown,
  listOf: { readonly group: string; readonly kind: string } | null,
): FoundObject | null {
  const object = objectOrNull(value);
  if (object === null) return null;
  const kind = text(object['kind']) ?? listOf?.kind ?? null;
  if (kind === null) return null;
  return { group: text(object['apiVersion']) === null ? (listOf?.group ?? '') : groupOf(object), kind, object };
}

/** `apps/v1` → `apps`, `v1` → ``. */
function groupOf(object: Fields): string {
  const version = text(object['apiVersion']) ?? '';
  const slash = version.indexOf('/');
  return slash < 0 ? '' : version.slice(0, slash);
}
