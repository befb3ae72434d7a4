import { expect, test } from 'vitest';
import { escapeXml } from './escape-xml';

test.each([
  ['<script>alert("x")</script> & \'y\'', '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;'],
  ['null \0, bell \u0007, half \uD83D.', String.raw`null \u0000, bell \u0007, half \ud83d.`],
  ['turned \u202Exml, no character \uFFFF', 'turned \\u202exml, no character \uFFFD'],
  ['whole 🙂', 'whole 🙂'],
])('%j is escaped for XML', (text, escaped) => expect(escapeXml(text)).toBe(escaped));
