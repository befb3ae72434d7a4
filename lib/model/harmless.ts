/**
 * Makes foreign text safe for a terminal, the page and its exports. Names come from the cluster, or from a capture that
 * anybody may have written. They must not be able to move the cursor, set colours, reorder text (bidi overrides), or hide
 * or fake a line of output.
 */

/** The text on one line, with every control and format character and both line separators written as `\uXXXX`. */
export const harmless = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
