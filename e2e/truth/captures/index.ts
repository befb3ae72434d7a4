/** Every capture by its name. */
import { advice } from './advice';
import { annotations } from './annotations';
import { branches } from './branches';
import { cards } from './cards';
import { contradictions } from './contradictions';
import { custom } from './custom';
import { events } from './events';
import { ghosts } from './ghosts';
import { ipv6 } from './ipv6';
import type { Cluster } from './kit/cluster';
import { kubelet } from './kubelet';
import { metal } from './metal';
import { places } from './places';
import { prefix } from './prefix';
import { promises } from './promises';
import { recreated } from './recreated';
import { references } from './references';
import { stuck } from './stuck';
import { versions } from './versions';
import { secondary } from './secondary';
import { telco } from './telco';

export const CAPTURES: Readonly<Record<string, () => Cluster>> = {
  secondary,
  prefix,
  ipv6,
  custom,
  branches,
  cards,
  telco,
  places,
  annotations,
  metal,
  recreated,
  ghosts,
  references,
  promises,
  versions,
  stuck,
  advice,
  kubelet,
  contradictions,
  events: () => events('events.k8s.io/v1-series'),
};
