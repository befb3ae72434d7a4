/** EC2 tags: a list of Key and Value, named `TagSet` on network interfaces and `Tags` elsewhere. */
import { fields, items, text } from '../read/guards';
import { intern } from '../read/intern';

const NONE: Readonly<Record<string, string>> = Object.freeze({});

/** Key → value; a tag without a value has the value `""`. */
export function tagMap(value: unknown): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const item of items(value)) {
    const tag = fields(item);
    const key = text(tag['Key']);
    if (key !== null) entries.push([intern(key), intern(text(tag['Value']) ?? '')]);
  }
  return entries.length === 0 ? NONE : Object.fromEntries(entries);
}
