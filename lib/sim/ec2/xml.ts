/** XML of the EC2 query protocol: elements in lower camel case, lists as `<item>`. */
export type Xml = string;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text as the content of an element or an attribute. */
export const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);

/** Null creates no element: EC2 omits unset values. */
export const el = (name: string, value: string | number | boolean | null): Xml =>
  value === null ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;

/** An element with children. */
export const wrap = (name: string, ...children: readonly Xml[]): Xml => `<${name}>${children.join('')}</${name}>`;

/** A list in EC2's form: an `item` element per value. */
export const list = <T>(name: string, values: readonly T[], item: (value: T) => Xml): Xml =>
  wrap(name, ...values.map((value) => wrap('item', item(value))));

/** Tags in EC2's form. */
export const tagSet = (tags: Readonly<Record<string, string>>): Xml =>
  list('tagSet', Object.entries(tags), ([key, value]) => el('key', key) + el('value', value));

/** EC2 writes times with milliseconds. */
export const time = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The whole response of an action. */
export const document = (action: string, requestId: string, body: Xml): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${el('requestId', requestId)}${body}</${action}Response>`;

/** A whole error response, such as `UnauthorizedOperation`. */
export const errorDocument = (code: string, message: string, requestId: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>${el('Code', code)}${el('Message', message)}</Error></Errors>${el('RequestID', requestId)}</Response>`;
