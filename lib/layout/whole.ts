/** The canonical picture of a whole record set: the same data give the same bytes, independent of window and time. */
import type { FilterResult } from '../view/filter';
import type { Grouping, Order } from '../view/node-groups';
import { rankNetworks, type NetworkRanks } from '../view/network-colours';
import type { ViewSource } from '../view/view-source';
import type { Level } from './rack/level';
import type { Picture } from './picture/mark';
import { pictureWords } from './picture-words';
import { buildRack } from './rack/build';
import { createSceneFacts, type Paint } from './scene/facts';
import { QUIET, scene } from './scene/scene';
import type { StaleWords } from './scene/scope';

/** Options of the canonical picture. */
export interface WholeOptions {
  readonly grouping?: Grouping;
  readonly order?: Order;
  /** By rank; absent: the ranks of a newly opened page. */
  readonly ranks?: NetworkRanks;
  /** Colours that show something other than the network. */
  readonly paint?: Paint | null;
  readonly level?: Level;
  /** Pixels per layout unit; 1 when absent. */
  readonly scale?: number;
  readonly selection?: string | null;
  readonly filter?: FilterResult | null;
  readonly stale?: StaleWords | null;
  /** Milliseconds; absent: a picture without a time, the same whenever it is made. */
  readonly now?: number | null;
}

const HEADINGS = 28;

/** The canonical picture of a record set. */
export function wholePicture(source: ViewSource, options: WholeOptions = {}): Picture {
  const { grouping = 'zone', order = 'name', now = null } = options;
  const rack = buildRack(source, { grouping, order, now });
  const facts = createSceneFacts(source, options.ranks ?? rankNetworks(source), options.paint);
  const scale = options.scale ?? 1;
  const width = Math.ceil(rack.width * scale);
  // Headings do not scale: below scale 1 they need extra space.
  const top = scale < 1 ? HEADINGS : 0;
  const height = Math.ceil(rack.height * scale) + top;
  const marks = scene(
    rack,
    facts,
    { scale, x: 0, y: top },
    { width, height },
    {
      ...QUIET,
      level: options.level ?? 'slots',
      selection: options.selection ?? null,
      filter: options.filter ?? null,
      stale: options.stale ?? null,
      now: options.now ?? null,
    },
  );
  return { width, height, ...pictureWords(source), marks };
}
