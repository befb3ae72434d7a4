/** The interface between the page and the canvas. */
import type { EniRecord, InterfaceRecord } from '../../lib/model/records';
import type { Level } from '../../lib/layout/rack/level';
import type { Theme } from '../../lib/layout/picture/tokens';
import type { FilterResult } from '../../lib/view/filter';
import type { Grouping, Order } from '../../lib/view/node-groups';
import type { NetworkRanks } from '../../lib/view/network-colours';
import type { Paint } from '../../lib/layout/scene/facts';
import type { SceneState } from '../../lib/layout/scene/scene';
import type { ViewSource } from '../../lib/view/view-source';

/** The visible section: the layout point at the centre of the window, and pixels per layout unit. */
export interface CanvasView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  /** The level drawn at this scale. */
  readonly level: Level;
  /** Whether it is the whole picture, fitted to the window. */
  readonly whole: boolean;
}

/**
 * Brings a record into view; a new object repeats the request, even for the same id. `fit` shows the whole, `arrange`
 * sorts the nodes anew.
 */
export type ViewTarget = { readonly to: 'fit' | 'arrange' } | { readonly to: 'record'; readonly id: string };

/** Text about outdated data in the picture; null when all data are fresh. */
export interface Stale {
  /** `as of 06:04`, on each ENI. */
  readonly asOf: string;
  /** `EC2 7 min old`, on each node. */
  readonly badge: string;
}

/** Details of the hovered or focused place besides its record. */
export interface SlotDetail {
  /** The address of the slot; null without one. */
  readonly ip: string | null;
}

/** The whole, the visible part, one node, or a node with the selection on it: its wires and tags. */
export type Extent = 'all' | 'seen' | 'node' | 'selection';

/** A picture to export. */
export interface PictureAsked {
  readonly extent: Extent;
  readonly theme: Theme;
  /** Pixels of the file per pixel of the picture. */
  readonly scale: number;
}

/** The operations of the canvas for other parts of the page. */
export interface CanvasHandle {
  /** Fits the whole into the window. */
  fit(): void;
  /** Fits the whole into the window, one tile per node. */
  showTiles(): void;
  zoomBy(factor: number): void;
  /** A self-contained file of the requested part. Rejects if that is not in the picture. */
  svg(asked: PictureAsked): Promise<string>;
  png(asked: PictureAsked): Promise<Blob>;
}

/** Changes of the records. `before`: previous states of ENIs and interfaces in view. */
export interface Changes {
  readonly ids: ReadonlySet<string>;
  /** Any record may have changed. */
  readonly everything: boolean;
  readonly before: ReadonlyMap<string, EniRecord | InterfaceRecord>;
}

/** What the canvas shows, and its callbacks. */
export interface CanvasProps {
  /** One mutable object; `revision` changes with its content. */
  readonly replica: ViewSource;
  readonly revision: number;
  /** The changes after a revision; absent: any record may have changed. */
  readonly changesSince?: (revision: number) => Changes;
  readonly theme: Theme;
  readonly grouping: Grouping;
  /** By name when absent. */
  readonly order?: Order;
  /** Keys of groups that are listed elsewhere; absent: none. */
  readonly folded?: readonly string[];
  readonly networkRanks: NetworkRanks;
  /** Colours that show something other than the network; null or absent: by network. */
  readonly paint?: Paint | null;
  /** From `view/filter`; null: nothing is dimmed. */
  readonly filter: FilterResult | null;
  /** Record id of the selected pod, interface, ENI, card or node; null: nothing. */
  readonly selection: string | null;
  readonly stale: Stale | null;
  /**
   * The server's clock in milliseconds, updated a few times a minute: decides which pods have waited too long for an
   * address.
   */
  readonly now: number | null;
  readonly viewTarget: ViewTarget | null;
  /** What the view draws above the boxes; absent: nothing. */
  readonly above?: SceneState['above'];
  /** The initial view, from the URL; null: the whole. */
  readonly initialView: Omit<CanvasView, 'level' | 'whole'> | null;
  readonly onSelect: (id: string | null, detail: SlotDetail | null) => void;
  /** Double click, or Enter on a focused node. */
  readonly onOpenNode: (nodeId: string) => void;
  /** Folds the group of nodes with this key; absent: group headings are only text. */
  readonly onFoldGroup?: ((key: string) => void) | undefined;
  /** Called after a pan or zoom has settled. */
  readonly onViewChange: (view: CanvasView) => void;
  /** The visible nodes, after the view has settled; empty if there are too many. */
  readonly onSight?: (nodes: ReadonlySet<string>) => void;
  /** A canvas element anywhere on the page for the minimap; a click there moves the view. */
  readonly minimap?: HTMLCanvasElement | null;
}
