/** The scenes by name. */
import type { Scene } from './base';
import { demo } from './demo';
import { size } from './size';
import { small } from './small';

export const SCENES: readonly Scene[] = [demo, small, size];

export const DEFAULT_SIZE: Readonly<Record<string, { readonly nodes: number; readonly podsPerNode: number }>> = {
  demo: { nodes: 24, podsPerNode: 12 },
  size: { nodes: 100, podsPerNode: 30 },
  small: { nodes: 8, podsPerNode: 7 },
};

export function findScene(name: string): Scene {
  const found = SCENES.find((scene) => scene.name === name);
  if (found === undefined)
    throw new Error(`no scene "${name}"; there are ${SCENES.map((scene) => scene.name).join(', ')}`);
  return found;
}
