import { VIEWS } from '../../lib/view/views';

/** The keys of the page, as the sheet behind `?` lists them. */
export const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['/ or ⌘K or Ctrl K', 'Find: name, address, range, MAC, ENI, instance'],
  ['Esc', 'Close what is open: menu, focus view, details'],
  ['Backspace', 'Back to the previous record in the details'],
  [`1 to ${VIEWS.length}`, VIEWS.map(({ title }) => title).join(', ')],
  ['Enter', 'On the picture: open what has the focus'],
  ['Arrow keys', 'On the picture and in tables: to the neighbour'],
  ['g', 'All wires of the selected node'],
  ['f or 0', 'The whole picture'],
  ['+ and −', 'Zoom in and out'],
  ['p', 'Pause, or go live'],
  ['?', 'This sheet'],
];
