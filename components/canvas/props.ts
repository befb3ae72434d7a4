/** What the page tells the canvas, and what the canvas tells the page. */
import type { EniRecord, InterfaceRecord } from '../../lib/model/records';
import type { Level } from '../../lib/layout/rack/level';
import type { Theme } from '../../lib/layout/picture/tokens';
import type { FilterResult } from '../../lib/view/filter';
import type { Grouping, Order } from '../../lib/view/node-groups';
import type { NetworkRanks } from '../../lib/view/network-colours';
import type { Paint } from '../../lib/layout/scene/facts';
import type { SceneState } from '../../lib/layout/scene/scene';
import type { ViewSource } from '../../lib/view/view-source';

/** What is in view: the layout point at the middle of the window, and pixels per layout unit. */
export interface CanvasView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  /** The level that is drawn at this scale. */
  readonly level: Level;
  /** Whether it is the whole, fitted into the window. */
  readonly whole: boolean;
}

/**
 * Bring a record into view; a new object asks again, also for the same id. `fit` shows the whole, `arrange` puts the nodes
 * into their order anew.
 */
export type ViewTarget = { readonly to: 'fit' | 'arrange' } | { readonly to: 'record'; readonly id: string };

/** Which data in the picture are old, in words; null when all are fresh. */
export interface Stale {
  /** `as of 06:04`, on each ENI. */
  readonly asOf: string;
  /** `EC2 7 min old`, on each node. */
  readonly badge: string;
}

/** What the pointer or the focus is on, besides its record. */
export interface SlotDetail {
  /** The address of the slot; null where it has none. */
  readonly ip: string | null;
}

/** All, what is seen, one node, or a node with what is selected on it: its wires and tags. */
export type Extent = 'all' | 'seen' | 'node' | 'selection';

/** A picture to export. */
export interface PictureAsked {
  readonly extent: Extent;
  readonly theme: Theme;
  /** Pixels of the file to one of the picture. */
  readonly scale: number;
}

/** What other parts of the page ask of the canvas. */
export interface CanvasHandle {
  /** The whole in the window. */
  fit(): void;
  /** The whole in the window, one tile for each node. */
  showTiles(): void;
  zoomBy(factor: number): void;
  /** A self-contained file of the requested part. Rejects if that is not in the picture. */
  svg(asked: PictureAsked): Promise<string>;
  png(asked: PictureAsked): Promise<Blob>;
  /** Moves the keyboard focus into the picture. */
  focus(): void;
}

/** What changed in the records. `before`: ENIs and interfaces as they were, of those that were held as records. */
export interface Changes {
  readonly ids: ReadonlySet<string>;
  /** Any record may have changed. */
  readonly everything: boolean;
  readonly before: ReadonlyMap<string, EniRecord | InterfaceRecord>;
}

/** What the canvas shows, and its callbacks. */
export interface CanvasProps {
  /** One mutable object; `revision` tells when to look again. */
  readonly replica: ViewSource;
  readonly revision: number;
  /** What changed in the records after a revision; absent: anything. */
  readonly changesSince?: (revision: number) => Changes;
  readonly theme: Theme;
  readonly grouping: Grouping;
  /** By name when absent. */
  readonly order?: Order;
  /** Keys of the groups that are listed elsewhere; none when absent. */
  readonly folded?: readonly string[];
  readonly networkRanks: NetworkRanks;
  /** Colours by something else than the network; null or absent: by network. */
  readonly paint?: Paint | null;
  /** From `view/filter`; null: nothing is dimmed. */
  readonly filter: FilterResult | null;
  /** Record id of the selected pod, interface, ENI, card or node; null: nothing. */
  readonly selection: string | null;
  readonly stale: Stale | null;
  /** The server's clock in milliseconds, a few times a minute: who has waited too long for an address, and how long. */
  readonly now: number | null;
  readonly viewTarget: ViewTarget | null;
  /** What the view draws above the boxes, of its own; absent: nothing. */
  readonly above?: SceneState['above'];
  /** Where to begin, from the URL; null: the whole. */
  readonly initialView: Omit<CanvasView, 'level' | 'whole'> | null;
  readonly onSelect: (id: string | null, detail: SlotDetail | null) => void;
  /** Double click, or Enter on a focused node. */
  readonly onOpenNode: (nodeId: string) => void;
  /** Folds the group of nodes with this key; absent: the headings of groups are only text. */
  readonly onFoldGroup?: ((key: string) => void) | undefined;
  /** After a pan or zoom has settled. */
  readonly onViewChange: (view: CanvasView) => void;
  /** The nodes in sight, after the view has settled; none where they are too many to tell. */
  readonly onSight?: (nodes: ReadonlySet<string>) => void;
  /** A canvas element anywhere on the page to draw the map of the whole into; a click there moves the view. */
  readonly minimap?: HTMLCanvasElement | null;
}
