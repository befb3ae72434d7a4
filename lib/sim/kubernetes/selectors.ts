/** `labelSelector` and `fieldSelector`, parsed as in apimachinery. */
export type Labels = Readonly<Record<string, string>>;
/** Whether a selector selects a value. */
export type Matcher<T> = (value: T) => boolean;

const SET = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^)]*)\)$/;
const EQUAL = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s,()]*)$/;
const EXISTS = /^(!?)\s*([^\s!=,()]+)$/;

/** Splits at commas outside parentheses. */
const split = (text: string): string[] => text.match(/(?:[^,(]|\([^)]*\))+/g)?.map((part) => part.trim()) ?? [];

/** A matcher, or the error's message. */
export function parseLabelSelector(text: string): Matcher<Labels> | { readonly error: string } {
  const tests: Matcher<Labels>[] = [];
  for (const part of split(text)) {
    const set = SET.exec(part);
    const equal = EQUAL.exec(part);
    const exists = EXISTS.exec(part);
    if (set !== null) {
      const [, key = '', operator, list = ''] = set;
      const values = new Set(list.split(',').map((value) => value.trim()));
      tests.push((labels) => values.has(labels[key] ?? '\0') === (operator === 'in'));
    } else if (equal !== null) {
      const [, key = '', operator, value] = equal;
      tests.push((labels) => (labels[key] === value) === (operator !== '!='));
    } else if (exists !== null) {
      const [, not, key = ''] = exists;
      tests.push((labels) => (labels[key] !== undefined) === (not === ''));
    } else {
      return { error: `unable to parse requirement: found '${part}', expected: in, notin, =, ==, !=, gt, lt` };
    }
  }
  return (labels) => tests.every((test) => test(labels));
}

/** The fields of an object that a field selector may use. */
export type Fields = Readonly<Record<string, string>>;

/** `supported`: the fields that the kind can select by; others are an error, as on the server. */
export function parseFieldSelector(
  text: string,
  supported: readonly string[],
): Matcher<Fields> | { readonly error: string } {
  const tests: Matcher<Fields>[] = [];
  for (const part of text.split(',').filter((item) => item !== '')) {
    const match = /^([^!=]+)(==|!=|=)(.*)$/.exec(part);
    if (match === null) return { error: `invalid selector: '${part}'; can't understand '${part}'` };
    const [, key = '', operator, value = ''] = match;
    if (!supported.includes(key)) return { error: `field label not supported: ${key}` };
    tests.push((fields) => ((fields[key] ?? '') === value) === (operator !== '!='));
  }
  return (fields) => tests.every((test) => test(fields));
}
