import { describe, expect, it } from 'vitest';
import { Scanner, XmlError } from './scanner';
import { fieldsOf, type Shape } from './shape';

const SHAPE: Shape = {
  a: ['A', 'text'],
  flag: ['Flag', 'flag'],
  n: ['N', 'number'],
  at: ['At', 'time'],
  inner: ['Inner', { a: ['A', 'text'] }],
  list: ['List', [{ a: ['A', 'text'] }]],
};

function read(xml: string): unknown {
  const scanner = new Scanner(Buffer.from(xml));
  scanner.root();
  const object = scanner.object(fieldsOf(SHAPE));
  if (!scanner.isAtEnd) throw new XmlError('more');
  return object;
}

// https://www.w3.org/TR/xml/
describe('XML', () => {
  it.each<[what: string, xml: string, wanted: unknown]>([
    ['text', '<r><a>x</a></r>', { A: 'x' }],
    ['no text', '<r><a></a></r>', { A: '' }],
    ['an empty tag', '<r><a/></r>', { A: '' }],
    ['an empty tag with a blank', '<r><a /></r>', { A: '' }],
    ['an empty root', '<r/>', {}],
    ['blanks around tags', '<?xml version="1.0"?>\n<r>\n  <a >x</a >\n</r>\n', { A: 'x' }],
    ['blanks in a text', '<r><a> x </a></r>', { A: ' x ' }],
    ['line breaks alone', '<r><a>\n  </a></r>', { A: '' }],
    ['entities', '<r><a>&lt;b&gt; &amp;amp; &quot;&apos;</a></r>', { A: '<b> &amp; "\'' }],
    ['numbered characters', '<r><a>&#65;&#x42;&#xe9;&#128512;</a></r>', { A: 'ABé😀' }],
    ['a number that is no character', '<r><a>x&#x110000;y</a></r>', { A: 'xy' }],
    ['an entity that XML does not define', '<r><a>x&nbsp;y</a></r>', { A: 'xy' }],
    ['an ampersand alone', '<r><a>x & y</a></r>', { A: 'x & y' }],
    ['UTF-8', '<r><a>köln 😀</a></r>', { A: 'köln 😀' }],
    ['CRLF', '<r><a>x\r\ny\rz</a></r>', { A: 'x\ny\nz' }],
    ['CDATA', '<r><a>x<![CDATA[<b>&amp;]]>y</a></r>', { A: 'x<b>&amp;y' }],
    ['comments', '<r><!-- <a>no</a> --><a>x<!-- y -->z</a></r><!-- end -->', { A: 'xz' }],
    ['an instruction', '<r><?php <a> ?><a>x<?y?>z</a></r>', { A: 'xz' }],
    ['attributes', `<r xmlns="u"><a b="x>y" c='</a>'>x</a></r>`, { A: 'x' }],
    ['an element within text', '<r><a>x<b>no</b>y</a></r>', { A: 'xy' }],
    ['a closing tag in an attribute of a skipped element', '<r><z q="</z>"><a>no</a></z><a>x</a></r>', { A: 'x' }],
    ['unknown elements, nested, that contain known names', '<r><z><a>no</a><z><z/></z></z><a>x</a></r>', { A: 'x' }],
    ['the first of two elements', '<r><a>x</a><a>y</a></r>', { A: 'x' }],
    ['another case is another name', '<r><A>no</A></r>', {}],
    ['a longer name', '<r><aa>no</aa></r>', {}],
    ['flags', '<r><flag>TRUE</flag></r>', { Flag: true }],
    ['numbers', '<r><n>12</n></r>', { N: 12 }],
    ['times', '<r><at>2026-08-31T11:00:00.000Z</at></r>', { At: new Date('2026-08-31T11:00:00Z') }],
    ['an object', '<r><inner><a>x</a></inner></r>', { Inner: { A: 'x' } }],
    ['an empty object', '<r><inner/></r>', { Inner: {} }],
    ['a list', '<r><list><item><a>x</a></item><z/><item/></list></r>', { List: [{ A: 'x' }, {}] }],
    ['an empty list', '<r><list/></r>', { List: [] }],
    [
      'a list in a list',
      '<r><list><item><list><item><a>no</a></item></list><a>x</a></item></list></r>',
      { List: [{ A: 'x' }] },
    ],
    ['names of Object.prototype', '<r><__proto__><a>no</a></__proto__><constructor>no</constructor></r>', {}],
  ])('%s', (_what, xml, wanted) => expect(read(xml)).toEqual(wanted));

  it.each([
    '',
    'text',
    '<',
    '<r',
    '<r>',
    '<r><a>x',
    '<r><a>x<',
    '<r><a>x</a',
    '<r><a>x</a>',
    '<r><a b="x></a></r>',
    '<r><!-- </r>',
    '<r><a><![CDATA[x</a></r>',
    '<r><z></r>',
    '<r></a></r>',
    '<r></r><r/>',
    '<r></r>text',
    '<!DOCTYPE r [<!ENTITY a "b">]><r/>',
    '<r><></></r>',
  ])('rejects %j', (xml) => expect(() => read(xml)).toThrow(XmlError));

  it('skips a million nested elements', () => {
    const deep = 1_000_000;
    expect(read(`<r>${'<z>'.repeat(deep)}${'</z>'.repeat(deep)}<a>x</a></r>`)).toEqual({ A: 'x' });
  });

  it('rejects a document wherever it is truncated', () => {
    const xml = '<?xml version="1.0"?><r b="c"><!-- d --><a>x&amp;y<![CDATA[z]]></a><list><item><a/></item></list></r>';
    for (let length = 0; length < xml.length; length++) expect(() => read(xml.slice(0, length))).toThrow(XmlError);
  });
});
