/** A record's page of its own: the same parts as in the details panel, but as a document, with links instead of a stack. */
import { createContext, useContext, useMemo } from 'react';
import { DEFAULTS, formatPageState, type PageState } from '../view/page-state';
import { recordPath } from '../view/record-path';
import { basePath } from './base-path';
import type { BrowserClient } from './browser';

/** Record id of the document that is shown; null in the map with its panel. */
export const DocumentContext = createContext<string | null>(null);

export const useDocument = (): string | null => useContext(DocumentContext);
export const useIsDocument = (): boolean => useDocument() !== null;

/** Where a record is shown from a document: on its page, else in the map. */
export const recordHref = (id: string): string =>
  `${basePath()}${recordPath(id) ?? `/${formatPageState({ ...DEFAULTS, selection: [id] })}`}`;

/** A state of the map, as an address. */
const mapHref = (change: Partial<PageState>): string => `${basePath()}/${formatPageState({ ...DEFAULTS, ...change })}`;

/** The record in the map, opened in its panel. */
export const inMapHref = (id: string): string => mapHref({ selection: [id] });

/** What of the page's state a document keeps itself. */
const OWN: ReadonlySet<string> = new Set(['theme', 'ranks', 'muted', 'search']);

/**
 * The client of a document: what would select a record, or change the map, goes to that place. A choice within the document's own
 * record stays.
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
