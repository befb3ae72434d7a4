/** One simulated cluster and one ifscope server for the spec files of a scene; tests drive the cluster with `sim.ops` and `sim.faults`. */
import { findScene } from '../scenes/index';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { kubeconfigOf } from '../scenes/kubeconfig';
import { startSim, type Sim } from '../../lib/sim/sim';
import { serve, type Served } from '../server';

export interface World {
  readonly sim: Sim;
  readonly served: Served;
}

/** `owner`: a spec file that leaves the cluster broken names itself: a worker, and so a world, is shared only where all options are the same. */
export const test = base.extend<object, { world: World; scene: string; owner: string }>({
  scene: ['small', { option: true, scope: 'worker' }],
  owner: ['', { option: true, scope: 'worker' }],
  world: [
    async ({ scene }, use) => {
      const sim = await startSim({ scene: findScene(scene), seed: 1, changesPerSecond: 0 });
      const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-e2e-'));
      const kubeconfig = path.join(folder, 'kubeconfig');
      writeFileSync(kubeconfig, kubeconfigOf(sim), { mode: 0o600 });
      const served = await serve(['--from', sim.name], {
        KUBECONFIG: kubeconfig,
        AWS_ENDPOINT_URL_EC2: sim.ec2Url,
        AWS_REGION: sim.region,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      });
      await use({ sim, served });
      await served.stop();
      await sim.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
});

export { expect } from '@playwright/test';

/** Opens the page and waits until the picture is complete. */
export async function open(page: Page, world: World, search = ''): Promise<void> {
  await page.goto(`${world.served.url}/${search}`);
  await page.getByRole('application').waitFor();
}

/** Finds something by its name and goes there. */
export async function find(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: /^Find/ }).click();
  await page.getByRole('combobox', { name: /^Find/ }).fill(text);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
}

export const details = (page: Page) => page.getByRole('complementary', { name: 'Details' });

/** An ENI of some node of the cluster, by its place among the ENIs of card 0; undefined when no node has so many. */
export function eniOf({ sim }: World, place: number) {
  for (const { eniIds } of sim.state.nodes.values()) {
    const enis = [...eniIds].map((id) => sim.state.ec2.enis.get(id)).filter((eni) => eni?.attachment?.card === 0);
    if (enis[place] !== undefined) return enis[place];
  }
  return undefined;
}
