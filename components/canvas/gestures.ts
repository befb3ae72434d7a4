/** Pan, zoom and animated moves (d3-zoom). A separate module, because it is loaded only after the first picture. */
import { select } from 'd3-selection';
import 'd3-transition';
import { zoom, zoomIdentity, zoomTransform, type D3ZoomEvent } from 'd3-zoom';
import type { Size, View } from '../../lib/layout/picture/rect';
import type { CurrentPicture } from './current-picture';
import { GroupHeadings } from './group-headings';

/** The limits of pan and zoom. */
export interface Bounds {
  readonly scale: readonly [number, number];
  /** Layout units: left, top, right, bottom. */
  readonly translate: readonly [number, number, number, number];
  readonly size: Size;
}

/** Turns the user's gestures into views, and views into animated moves. */
export interface Gestures {
  bound(bounds: Bounds): void;
  /** `ms`: 0 for an immediate move. */
  goTo(view: View, ms: number): void;
  stop(): void;
}

const transformOf = (view: View) => zoomIdentity.translate(view.x, view.y).scale(view.scale);

/** Turns wheel, drag and pinch into views. `onView` is called for each of them until `stop`. */
export function createGestures(
  element: HTMLCanvasElement,
  picture: CurrentPicture,
  first: View,
  onView: (view: View) => void,
): Gestures {
  const canvas = select<HTMLCanvasElement, unknown>(element);
  let ready = false;
  const behaviour = zoom<HTMLCanvasElement, unknown>()
    // Touch events have no button.
    .filter(
      (event: MouseEvent | WheelEvent | TouchEvent) =>
        (!event.ctrlKey || event.type === 'wheel') && !('button' in event && event.button !== 0),
    )
    .clickDistance(4)
    .on('zoom', ({ transform }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      const view = { scale: transform.k, x: transform.x, y: transform.y };
      headings.place(view);
      if (ready) onView(view);
    });
  canvas.call(behaviour).on('dblclick.zoom', null);
  const goTo = (view: View, ms: number): void => {
    const transform = transformOf(view);
    if (ms === 0) canvas.call((one) => behaviour.transform(one, transform));
    else
      canvas
        .transition()
        .duration(ms)
        .call((one) => behaviour.transform(one, transform));
  };
  const headings = new GroupHeadings(element, picture, (view) => goTo(view, 0));
  canvas.call((one) => behaviour.transform(one, transformOf(first)));
  ready = true;
  return {
    bound({ scale, translate, size }: Bounds) {
      behaviour.extent([
        [0, 0],
        [size.width, size.height],
      ]);
      behaviour.scaleExtent([scale[0], scale[1]]);
      behaviour.translateExtent([
        [translate[0], translate[1]],
        [translate[2], translate[3]],
      ]);
      const { k, x, y } = zoomTransform(element);
      headings.place({ scale: k, x, y }, size);
    },
    goTo,
    stop() {
      canvas.interrupt().on('.zoom', null);
      headings.stop();
    },
  };
}
