/** What the canvas loads after the first picture, in one file. */
export { drawChanged } from './changed-boxes';
export { createGestures } from './gestures';
export { Minimap } from './minimap';
export { SlotFlashes } from './slot-flashes';
export { isStillValid } from '../../lib/layout/rack/still-valid';
