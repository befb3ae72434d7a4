/**
 * Replaces, in the browser, parts of Next's router that the page never uses (`next.config.js`): patterns of rewrites, and
 * `next/script`. They would be loaded before the first picture.
 */
const unused = (): never => {
  throw new Error('This part of Next is not in the page; see next.config.js.');
};

/** Of `next/dist/compiled/path-to-regexp`. */
export { unused as compile, unused as pathToRegexp, unused as regexpToFunction };
/** Of `next/dist/client/script`. */
export { unused as handleClientScriptLoad };

/** Of `next/dist/client/script`; called with the page's scripts, of which there are none. */
export const initScriptLoader = (): void => undefined;
