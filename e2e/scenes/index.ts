/** The simulated clusters that tests and benchmarks start, by name. */
import type { Scene } from '../../lib/sim/scenes/base/scene';
import { demo } from '../../lib/sim/scenes/demo';
import { claims } from './claims';
import { modes, randomScene } from './modes';
import { needle } from './needle';
import { p5 } from './p5';
import { prefix } from './prefix';
import { size } from './size';
import { small } from './small';
import { telco } from './telco';
import { troubles } from './troubles';

export { randomScene };

export const SCENES: readonly Scene[] = [
  demo,
  small,
  telco,
  p5,
  claims,
  prefix,
  troubles,
  modes,
  size,
  needle,
  randomScene(),
];

export function findScene(name: string): Scene {
  const found = SCENES.find((scene) => scene.name === name);
  if (found === undefined)
    throw new Error(`no scene "${name}"; there are ${SCENES.map((scene) => scene.name).join(', ')}`);
  return found;
}
