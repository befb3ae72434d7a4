/**
 * One way through the page, in steps: with the mouse, with the keyboard, or by roles and names alone, as a screen reader
 * goes. A step is a click, a key, a text that is typed, or a way with one key to a named thing and its opening.
 */
import type { Locator, Page } from '@playwright/test';
import { VIEWS, type View } from '../../lib/view/views';
import { answers, expect } from './world';

export const WAYS = ['mouse', 'keyboard', 'accessibility tree'] as const;
type Way = (typeof WAYS)[number];

/** More would be lost on the way, not looked for. */
const MAX_TABS = 80;
const MAX_OPTIONS = 40;

export class Walk {
  steps = 0;
  readonly #page: Page;
  readonly #way: Way;

  constructor(page: Page, way: Way) {
    this.#page = page;
    this.#way = way;
  }

  /** The finder, and in it the text. */
  async find(text: string): Promise<void> {
    if (this.#way === 'keyboard') {
      this.steps++;
      await this.#page.keyboard.press('/');
    } else await this.press(this.#page.getByRole('button', { name: /^Find/ }));
    const field = this.#page.getByRole('combobox', { name: /^Find/ });
    await expect(field).toBeFocused();
    this.steps++;
    await this.#page.keyboard.type(text);
  }

  /** The first answer, or the one with that name. */
  async choose(name?: RegExp): Promise<void> {
    this.steps++;
    const options = answers(this.#page, name);
    await options.first().waitFor();
    if (this.#way === 'mouse') return options.first().click();
    const active = this.#page.getByRole('option', { selected: true });
    if (name !== undefined) {
      for (let tried = 0; tried < MAX_OPTIONS; tried++) {
        if (name.test(await active.innerText())) break;
        await this.#page.keyboard.press('ArrowDown');
      }
      await expect(active).toHaveText(name);
    }
    return this.#page.keyboard.press('Enter');
  }

  async view(id: View): Promise<void> {
    const place = VIEWS.findIndex((view) => view.id === id);
    const title = VIEWS[place]?.title ?? '';
    if (this.#way !== 'keyboard')
      return this.press(
        this.#page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: new RegExp(`^${title}`) }),
      );
    this.steps++;
    return this.#page.keyboard.press(String(place + 1));
  }

  /** Goes to a button, a link, or a row, and opens it. */
  async press(target: Locator): Promise<void> {
    this.steps++;
    await target.waitFor();
    if (this.#way === 'mouse') return target.click();
    if (this.#way === 'keyboard') await this.#tabTo(target);
    else await target.focus();
    return this.#page.keyboard.press('Enter');
  }

  async #tabTo(target: Locator): Promise<void> {
    const isFocused = (): Promise<boolean> => target.evaluate((element) => element === document.activeElement);
    const isRow = (await target.getAttribute('role')) === 'row';
    for (let tabs = 0; tabs < MAX_TABS && !(await isFocused()); tabs++) {
      await this.#page.keyboard.press('Tab');
      // One row of a table has the tab stop: from there Home leads to the first, wherever the rows have gone meanwhile.
      if (!isRow || !(await this.#page.getByRole('row').and(this.#page.locator(':focus')).count())) continue;
      this.steps++;
      await this.#page.keyboard.press('Home');
      break;
    }
    await expect(target).toBeFocused();
  }
}
