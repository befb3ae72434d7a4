/** The scenes by name, and their default sizes. */
import type { Scene, SceneSize } from './base/scene';
import { demo } from './demo';
import { modes, randomScene } from './modes';
import { p5 } from './p5';
import { prefix } from './prefix';
import { size } from './size';
import { small } from './small';
import { telco } from './telco';
import { troubles } from './troubles';

export { randomScene };

export const SCENES: readonly Scene[] = [demo, small, telco, p5, prefix, troubles, modes, size, randomScene()];

const SIZES: Readonly<Record<string, SceneSize>> = {
  demo: { nodes: 24, podsPerNode: 12 },
  modes: { nodes: 14, podsPerNode: 6 },
  p5: { nodes: 6, podsPerNode: 6 },
  prefix: { nodes: 9, podsPerNode: 20 },
  size: { nodes: 100, podsPerNode: 30 },
  small: { nodes: 8, podsPerNode: 7 },
  telco: { nodes: 8, podsPerNode: 8 },
};

export const defaultSize = (scene: Scene): SceneSize => SIZES[scene.name] ?? { nodes: 6, podsPerNode: 8 };

export function findScene(name: string): Scene {
  const found = SCENES.find((scene) => scene.name === name);
  if (found === undefined)
    throw new Error(`no scene "${name}"; there are ${SCENES.map((scene) => scene.name).join(', ')}`);
  return found;
}
