/**
 * Foreign text for a terminal, the page and its exports. Names come from the cluster, and Kubernetes is not the only one who
 * wrote them (a capture is anybody's file): nothing in them may move the cursor, colour, reorder (bidi overrides), hide or
 * fake a line of the output.
 */

/** One line of text; every control and format character, and both line separators, stands as its `\uXXXX`. */
export const harmless = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
