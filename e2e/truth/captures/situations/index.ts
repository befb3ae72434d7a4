/** Every situation by its name. */
import { agents } from './agents';
import { branches } from './branches';
import { devices } from './devices';
import { endings } from './endings';
import { modes } from './modes';
import { multus } from './multus';
import { others } from './others';
import { pools } from './pools';
import type { Situation } from './situation';

export const SITUATIONS: Readonly<Record<string, () => Situation>> = {
  ...pools,
  ...others,
  ...multus,
  ...agents,
  ...devices,
  ...branches,
  ...modes,
  ...endings,
};
