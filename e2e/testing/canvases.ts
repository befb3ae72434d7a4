/**
 * Canvases without a browser, for tests of how much is drawn and when: they count painted shapes and copied bitmaps.
 * Painting takes time on their clock, which is also the page's.
 */
import { vi } from 'vitest';

const PAINTS: ReadonlySet<string | symbol> = new Set(['fill', 'stroke', 'fillRect', 'strokeRect', 'fillText']);

/** The part of a canvas element that drawing uses. */
export class CountingCanvas extends EventTarget {
  width: number;
  height: number;
  readonly dataset: Record<string, string> = {};
  /** Shapes and texts painted on it. */
  painted = 0;
  /** Canvases copied onto it, in order. */
  readonly copied: unknown[] = [];
  readonly #context: CanvasRenderingContext2D;

  constructor(width: number, height: number, onPaint: () => void) {
    super();
    this.width = width;
    this.height = height;
    const call = (name: string | symbol, args: readonly unknown[]): unknown => {
      if (name === 'drawImage') this.copied.push(args[0]);
      if (name === 'createPattern') return { setTransform: () => undefined };
      if (!PAINTS.has(name)) return undefined;
      this.painted++;
      onPaint();
      return undefined;
    };
    const set = new Map<string | symbol, unknown>();
    this.#context = new Proxy({} as CanvasRenderingContext2D, {
      get: (_target, name) => (set.has(name) ? set.get(name) : (...args: unknown[]) => call(name, args)),
      set: (_target, name, value) => set.set(name, value) === set,
    });
  }

  getContext(): CanvasRenderingContext2D {
    return this.#context;
  }

  getBoundingClientRect(): { left: number; top: number; width: number; height: number } {
    return { left: 0, top: 0, width: this.width, height: this.height };
  }

  get element(): HTMLCanvasElement {
    return this as unknown as HTMLCanvasElement;
  }
}

class Path {
  setTransform = (): this => this;
  translate = (): this => this;
  rotate = (): this => this;
  scale = (): this => this;
}

/** Reports an element's size once. */
class FirstSize {
  readonly observe: () => void;
  constructor(onSize: () => void) {
    this.observe = onSize;
  }
  disconnect = (): void => undefined;
}

/** A page with only canvases, a clock and timers. */
export class CanvasPage {
  /** Milliseconds of the page. */
  now = 1000;
  /** Milliseconds that one shape or text takes. */
  msPerPaint = 0;
  /** Canvases that were created for drawing but are not on the page. */
  readonly bitmaps: CountingCanvas[] = [];
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  #last = 0;

  constructor() {
    const later = (run: () => void, ms = 0): number => {
      this.#timers.set((this.#last += 1), { at: this.now + ms, run });
      return this.#last;
    };
    const never = (id: number): boolean => this.#timers.delete(id);
    vi.spyOn(performance, 'now').mockImplementation(() => this.now);
    vi.stubGlobal('document', {
      createElement: () => {
        const made = this.canvas(0, 0);
        this.bitmaps.push(made);
        return made;
      },
    });
    const timers = { setTimeout: later, clearTimeout: never };
    vi.stubGlobal('window', Object.assign(new EventTarget(), timers, { matchMedia: () => ({ matches: true }) }));
    vi.stubGlobal('ResizeObserver', FirstSize);
    vi.stubGlobal('requestAnimationFrame', (run: (now: number) => void) => later(() => run(this.now), 16));
    vi.stubGlobal('cancelAnimationFrame', never);
    vi.stubGlobal('DOMMatrix', Path);
    vi.stubGlobal('Path2D', Path);
  }

  canvas(width: number, height: number): CountingCanvas {
    return new CountingCanvas(width, height, () => {
      this.now += this.msPerPaint;
    });
  }

  /** Shapes and texts painted on bitmaps so far. */
  get painted(): number {
    return this.bitmaps.reduce((sum, { painted }) => sum + painted, 0);
  }

  /** Lets time pass, and runs what becomes due. */
  wait(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next[0]);
      this.now = Math.max(this.now, next[1].at);
      next[1].run();
    }
    this.now = Math.max(this.now, end);
  }

  /** Restores the globals. */
  leave(): void {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  }
}
