/** The four levels of detail: what is drawn inside a fixed geometry, by the width of a slot on screen. */
import { SLOT } from './geometry';

/** The levels, from far to near. */
export const LEVELS = ['tile', 'bars', 'slots', 'labelled'] as const;
export type Level = (typeof LEVELS)[number];

/** The slot width in pixels from which a level is drawn. */
export const LEVEL_FROM: Readonly<Record<Level, number>> = { tile: 0, bars: 2, slots: 8, labelled: 64 };

const HYSTERESIS = 0.1;

/**
 * The level at a scale (CSS pixels per layout unit). Given the current level, it changes only once the slot width has
 * passed the limit by 10 %, so that small movements around the limit do not flicker.
 */
export function levelAt(scale: number, current: Level | null = null): Level {
  const width = SLOT.w * scale;
  let level: Level = 'tile';
  for (const candidate of LEVELS) {
    const rising = current !== null && LEVELS.indexOf(candidate) > LEVELS.indexOf(current);
    const from = LEVEL_FROM[candidate] * (current === null ? 1 : rising ? 1 + HYSTERESIS : 1 - HYSTERESIS);
    if (width >= from) level = candidate;
  }
  return level;
}

/** Minimum width of a slot in pixels that is drawn, and can be clicked, as a slot; a narrower ENI is a bar. */
const MIN_SLOT = 6;

/** Whether slots are wide enough to be drawn at this many CSS pixels per layout unit. */
export const slotsAreDrawn = (scale: number): boolean => SLOT.w * scale >= MIN_SLOT;

/** CSS pixels per layout unit if the level shows slots; 0 otherwise. */
export const slotScale = (level: Level, scale: number): number =>
  level === 'slots' || level === 'labelled' ? scale : 0;
