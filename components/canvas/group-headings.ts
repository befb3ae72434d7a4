/**
 * Group headings fold their group. For the pointer they are part of the canvas; for keyboards and screen readers there
 * is a button over each, one of which has the tab stop.
 */
import { counted } from '../../lib/model/counted';
import { headingAt } from '../../lib/layout/scene/groups';
import type { Size, View } from '../../lib/layout/picture/rect';
import type { GroupBox, Rack } from '../../lib/layout/rack/rack';
import type { CurrentPicture } from './current-picture';

/** Height of a heading above its rule, in CSS pixels. */
const HEIGHT = 24;
/** Margin to the window's edges of a heading that is scrolled into view, in CSS pixels. */
const MARGIN = 16;

interface Heading {
  readonly group: GroupBox;
  readonly button: HTMLButtonElement;
}

const CLASS =
  'absolute top-0 left-0 rounded-sm text-right text-12 text-ink opacity-0 data-hot:bg-ink/5 data-hot:opacity-100 focus-visible:bg-ink/5 focus-visible:opacity-100';

/** Buttons over the headings of a canvas, until `stop`. */
export class GroupHeadings {
  readonly #element: HTMLCanvasElement;
  readonly #picture: CurrentPicture;
  readonly #goTo: (view: View) => void;
  readonly #box = document.createElement('div');
  readonly #listeners = new AbortController();
  #headings: readonly Heading[] = [];
  #rack: Rack | null = null;
  #view: View = { scale: 1, x: 0, y: 0 };
  #size: Size = { width: 0, height: 0 };

  constructor(element: HTMLCanvasElement, picture: CurrentPicture, goTo: (view: View) => void) {
    this.#element = element;
    this.#picture = picture;
    this.#goTo = goTo;
    const box = this.#box;
    box.role = 'toolbar';
    box.ariaLabel = 'Groups of nodes';
    box.className = 'pointer-events-none absolute inset-0 overflow-clip';
    box.addEventListener('keydown', (event) => this.#onKey(event));
    element.after(box);
    const { signal } = this.#listeners;
    // Listens around the canvas: before it in the capture phase, after it in the bubble phase.
    const around = element.parentElement;
    around?.addEventListener('click', (event) => this.#onClick(event), { signal, capture: true });
    around?.addEventListener('pointermove', (event) => this.#onMove(event), { signal });
    around?.addEventListener('pointerleave', () => this.#light(null), { signal });
  }

  /** Updates the positions for the view, the window and the rack. */
  place(view: View, size: Size = this.#size): void {
    this.#view = view;
    this.#size = size;
    if (this.#rack !== this.#picture.rack) this.#make();
    for (const { group, button } of this.#headings) {
      const { left, rule, width } = headingAt(group, this.#picture.rack.height, view, 0);
      const x = Math.max(0, left);
      button.style.width = `${Math.max(HEIGHT, Math.min(left + width, size.width) - x)}px`;
      button.style.transform = `translate(${x}px, ${rule - HEIGHT}px)`;
    }
  }

  stop(): void {
    this.#listeners.abort();
    this.#box.remove();
  }

  /** Buttons stay with their groups, so that they keep the focus. */
  #make(): void {
    const { rack, props } = this.#picture;
    this.#rack = rack;
    const canFold = props.onFoldGroup !== undefined && props.grouping !== 'none';
    const before = new Map(this.#headings.map((heading) => [heading.group.key, heading.button]));
    this.#headings = (canFold ? rack.groups : [])
      .filter(({ shelf }) => !shelf)
      .map((group) => {
        const button = before.get(group.key) ?? this.#button(group.key);
        button.ariaLabel = `Fold ${group.label}, ${counted(group.count, 'node')}`;
        return { group, button };
      });
    this.#box.replaceChildren(...this.#headings.map(({ button }) => button));
    this.#box.hidden = this.#headings.length === 0;
    if (!this.#headings.some(({ button }) => button.tabIndex === 0))
      this.#headings[0]?.button.setAttribute('tabindex', '0');
  }

  #button(key: string): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.tabIndex = -1;
    button.ariaExpanded = 'true';
    button.className = CLASS;
    button.style.height = `${HEIGHT}px`;
    button.innerHTML = '<span class="rounded-sm bg-bg px-1.5 py-0.5">Fold</span>';
    button.addEventListener('focus', () => this.#bringIntoSight(key));
    button.addEventListener('click', () => this.#fold(key));
    return button;
  }

  #fold(key: string): void {
    this.#light(null);
    this.#picture.props.onFoldGroup?.(key);
    // The button disappears with its group.
    this.#element.focus({ preventScroll: true });
  }

  #bringIntoSight(key: string): void {
    for (const heading of this.#headings) heading.button.tabIndex = heading.group.key === key ? 0 : -1;
    const group = this.#headings.find((heading) => heading.group.key === key)?.group;
    if (group === undefined) return;
    const { scale, x, y } = this.#view;
    const { left, rule } = headingAt(group, this.#picture.rack.height, this.#view, 0);
    const dx = left < 0 || left > this.#size.width - 3 * MARGIN ? MARGIN - left : 0;
    const dy = rule < HEIGHT || rule > this.#size.height ? MARGIN + HEIGHT - rule : 0;
    if (dx !== 0 || dy !== 0) this.#goTo({ scale, x: x + dx, y: y + dy });
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.#headings.findIndex(({ button }) => button === document.activeElement);
    const last = this.#headings.length - 1;
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[
      event.key
    ];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    this.#headings[Math.max(0, Math.min(last, to))]?.button.focus({ preventScroll: true });
  }

  #at(event: MouseEvent): Heading | null {
    if (event.target !== this.#element) return null;
    const box = this.#element.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    return (
      this.#headings.find(({ group }) => {
        const { left, rule, width } = headingAt(group, this.#picture.rack.height, this.#view, 0);
        return px >= left && px < left + width && py >= rule - HEIGHT && py < rule;
      }) ?? null
    );
  }

  #onClick(event: MouseEvent): void {
    const heading = this.#at(event);
    if (heading === null) return;
    event.stopPropagation();
    this.#fold(heading.group.key);
  }

  #onMove(event: PointerEvent): void {
    const heading = event.buttons === 0 ? this.#at(event) : null;
    if (heading !== null) this.#element.style.cursor = 'pointer';
    this.#light(heading);
  }

  #light(lit: Heading | null): void {
    for (const heading of this.#headings) heading.button.toggleAttribute('data-hot', heading === lit);
  }
}
