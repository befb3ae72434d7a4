import { VIEWS } from '../../lib/view/views';

/** The keys of the page, as the list behind `?` shows them. */
export const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['/ or ⌘K or Ctrl K', 'Find: name, address, range, MAC, id, tag, query, command'],
  ['Esc', 'Close what is open: menu, focus view, details'],
  ['Backspace', 'Back to the previous record in the details'],
  [`1 to ${VIEWS.length}`, VIEWS.map(({ title }) => title).join(', ')],
  ['Enter', 'In the picture: open the focused element'],
  ['Space', 'In the picture: select the focused element'],
  ['Page Down, Page Up', 'In the picture: enter or leave a node'],
  ['Tab', 'From the picture: to the headings of groups, where Enter folds a group'],
  ['Arrow keys', 'In the picture and in tables: move to the neighbour'],
  ['Shift + arrow keys', 'Move the picture'],
  ['g', 'Show all wires of the selected node'],
  ['f or 0', 'Fit the whole picture'],
  ['+ and −', 'Zoom in and out'],
  ['p', 'Pause, or go live'],
  ['x', 'Clear the filter'],
  ['→ and ←', 'In a table: choose a value of the row to filter by'],
  ['?', 'Show this list'],
];
