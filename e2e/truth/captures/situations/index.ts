/** Every situation by its name. */
import { multus } from './multus';
import { others } from './others';
import { pools } from './pools';
import type { Situation } from './situation';

export const SITUATIONS: Readonly<Record<string, () => Situation>> = { ...pools, ...others, ...multus };
