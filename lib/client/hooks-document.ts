/** Support for a record's own page: the parts of the details panel as a document, with links instead of a stack. */
import { createContext, useContext, useMemo } from 'react';
import { DEFAULTS, formatPageState, type PageState } from '../view/page-state';
import { recordPath } from '../view/record-path';
import { basePath } from './base-path';
import type { BrowserClient } from './browser';

/** Record id of the document shown; null in the map with its panel. */
export const DocumentContext = createContext<string | null>(null);

/** The record id of the page that shows one record; null on the other pages. */
export const useDocument = (): string | null => useContext(DocumentContext);
/** Whether this page shows a single record. */
export const useIsDocument = (): boolean => useDocument() !== null;

/** The link to a record within a document: to its page, or into the map if it has none. */
export const recordHref = (id: string): string =>
  `${basePath()}${recordPath(id) ?? `/${formatPageState({ ...DEFAULTS, selection: [id] })}`}`;

/** The URL of a state of the map. */
const mapHref = (change: Partial<PageState>): string => `${basePath()}/${formatPageState({ ...DEFAULTS, ...change })}`;

/** The URL of the map with the record open in its panel. */
export const inMapHref = (id: string): string => mapHref({ selection: [id] });

/** The parts of the page's state that a document handles itself. */
const OWN: ReadonlySet<string> = new Set(['theme', 'ranks', 'muted', 'search']);

/**
 * The client of a document: selecting another record or changing the map navigates there; selections within the
 * document's own record stay.
 */
export function useDocumentClient(client: BrowserClient, record: string): BrowserClient {
  return useMemo(() => {
    const { location } = client;
    const own = recordPath(record);
    const go = (change: Partial<PageState>): void => {
      const entry = change.selection?.at(-1);
      const keys = Object.keys(change);
      if (keys.every((key) => OWN.has(key))) location.go(change);
      else if (keys.length === 1 && entry !== undefined) {
        if (recordPath(entry) === own) location.go(change);
        else window.location.assign(recordHref(entry));
      } else if (keys.length > 1 || change.selection === undefined) window.location.assign(mapHref(change));
    };
    return { ...client, location: { ...location, go } };
  }, [client, record]);
}
