/**
 * Replaces, in the browser, parts of Next's router that the page never uses (`next.config.js`): rewrite patterns and
 * `next/script`. Otherwise, they would be loaded before the first picture.
 */
const unused = (): never => {
  throw new Error('This part of Next is not in the page; see next.config.js.');
};

/** Of `next/dist/compiled/path-to-regexp`. */
export { unused as compile, unused as pathToRegexp, unused as regexpToFunction };
/** Of `next/dist/client/script`. */
export { unused as handleClientScriptLoad };

/** Of `next/dist/client/script`; called with the page's scripts; it has none. */
export const initScriptLoader = (): void => undefined;
