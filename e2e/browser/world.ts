/** One simulated cluster and one ifscope server for the spec files of a scene; tests drive the cluster with `sim.ops` and `sim.faults`. */
import { test as base, type Page } from '@playwright/test';
import type { TestSim } from '../testing/sim/sim';
import type { Served } from '../server';
import { startSimulated } from '../simulated';

export interface World {
  readonly sim: TestSim;
  readonly served: Served;
  /** Another ifscope that reads the same cluster. */
  again(): Promise<Served>;
}

/** `owner`: a spec file that leaves the cluster broken names itself: a worker, and so a world, is shared only where all options are the same. */
export const test = base.extend<object, { world: World; scene: string; nodes: number; owner: string }>({
  scene: ['small', { option: true, scope: 'worker' }],
  /** 0: as many as the scene has by itself. */
  nodes: [0, { option: true, scope: 'worker' }],
  owner: ['', { option: true, scope: 'worker' }],
  world: [
    async ({ scene, nodes }, use) => {
      const world = await startSimulated(scene, nodes === 0 ? {} : { nodes });
      await use(world);
      await world.stop();
    },
    // A thousand nodes take their time to be made, and no test is about that.
    { scope: 'worker', timeout: 300_000 },
  ],
});

export { expect } from '@playwright/test';

/** Opens the page and waits until the picture is complete. */
export async function open(page: Page, world: World, search = ''): Promise<void> {
  await page.goto(`${world.served.url}/${search}`);
  await page.getByRole('application').waitFor();
}

/** What the finder offers, once that is all of it: before, another line may come to stand first. */
export const answers = (page: Page, name?: RegExp) =>
  page.locator('[role=listbox][aria-busy=false]').getByRole('option', name === undefined ? {} : { name });

/** Finds something by its name and goes there. */
export async function find(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: /^Find/ }).click();
  await page.getByRole('combobox', { name: /^Find/ }).fill(text);
  await answers(page).first().waitFor();
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
