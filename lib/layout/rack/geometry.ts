/**
 * The measures of the picture in layout units; one unit is one CSS pixel at scale 1. Text sizes are not included,
 * because text does not scale with zoom.
 */

/** A slot: size, corner radius, pitch in both directions, slots per row. */
export const SLOT = { w: 16, h: 11, r: 2, pitchX: 19, pitchY: 14, perRow: 15 } as const;

/** A /28 in prefix mode: a framed row of 16 cells. */
export const PREFIX = { cells: 16, w: 9, h: 11, pitch: 11, frame: 3, row: 20 } as const;

/** A node box. */
export const NODE = { w: 325, padding: 14, r: 8, gap: 14 } as const;
/** Width inside a node's padding. */
export const INNER = NODE.w - 2 * NODE.padding;

/** An ENI box. */
export const ENI = { r: 4, inset: 8, title: 26, bottom: 2, gap: 6, lines: 18 } as const;

/** Offsets from a node's top edge: title baseline, pool bar, its two lines, first card. */
export const HEADER = { title: 22, bar: 34, barHeight: 8, line1: 57, line2: 73, height: 80 } as const;
/** A card's heading: baseline, height, and the space before the next card. */
export const CARD = { baseline: 11, height: 18, gap: 14, matrixColumns: 8, matrixGap: 4, listed: 4 } as const;

/**
 * The line below a node's ENIs, always reserved, for waiting pods and for addresses on no ENI. Gaps: to the last block
 * and to the lower edge.
 */
export const STRIP = { gap: 3, height: 21, bottom: 4 } as const;

/** Space between columns of nodes. */
export const COLUMN_GAP = 16;
/** Offsets from a group's top: label baseline, rule, first node. */
export const GROUP = { label: 12, rule: 24, height: 38, gap: 32 } as const;
/** Margin around the whole picture. */
export const PAGE_EDGE = 16;

/** A Fargate pod's tile. */
export const TILE = { w: 34, h: 27, pitchX: 37.5, pitchY: 32, perRow: 8 } as const;

/** The aspect ratio to wrap towards, which a wide window shows whole. */
export const ASPECT = 1.6;

/** Rows of 15 slots for this capacity plus the primary address. */
export const slotRows = (capacity: number): number => Math.max(1, Math.ceil((capacity + 1) / SLOT.perRow));

/** Height of an ENI box with this many rows of slots. */
export const eniHeight = (rows: number): number => ENI.title + rows * SLOT.pitchY + ENI.bottom;
