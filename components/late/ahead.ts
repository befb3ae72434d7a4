import { LATER_VIEWS } from '../views/registry';

/** The code of views, menus, exports and opened files, each loaded when it is used, or ahead of that. */
const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import('../controls/SourceList'),
  () => import('../controls/FilterBody'),
  () => import('../controls/FilterSummary'),
  () => import('../../lib/client/filtered'),
  () => import('../views/EmptyView'),
  ...Object.values(LATER_VIEWS),
  () => import('../views/NodeFocusView'),
  () => import('../views/FoldedGroups'),
  () => import('../views/MissingParts'),
  () => import('../controls/GroupBody'),
  () => import('../controls/ExportList'),
  () => import('../controls/ThemeBody'),
  () => import('../controls/KeySheet'),
  () => import('../canvas/export'),
  () => import('../canvas/node-files'),
  () => import('../canvas/Tooltip'),
  () => import('../opened/OpenedBanner'),
  () => import('../../lib/client/muting'),
  () => import('../../lib/client/opened'),
  () => import('../../lib/client/unfold'),
  () => import('../../lib/layout/scene/paint'),
  () => import('../../lib/view/describe'),
];

/** In browsers without this function (Safari), a pause is used instead. */
const PAUSE_MS = 100;
const idle = (): Promise<unknown> =>
  new Promise((resolve) =>
    'requestIdleCallback' in window ? requestIdleCallback(resolve) : setTimeout(resolve, PAUSE_MS),
  );

let isBegun = false;

/**
 * Loads everything once, one after another, while the page is idle: the views of a page that is already open work while its
 * server cannot be reached, and after an upgrade of the server, which no longer has the old files.
 */
export async function loadAhead(): Promise<void> {
  if (isBegun) return;
  isBegun = true;
  for (const load of PARTS) {
    await idle();
    // What could not be loaded is tried again when it is used.
    await load().catch(() => undefined);
  }
  performance.mark('loaded ahead');
}
