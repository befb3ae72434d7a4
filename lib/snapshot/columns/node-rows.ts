/**
 * The rows of the tables that grow with the number of pods. Separate from the code that packs and unpacks them, which
 * the first picture does not need.
 */
import type { ObjectShape } from '../../model/schema/shape';
import type { Column } from './codec';
import { ENIS_ALIKE } from './eni-row';
import { INTERFACES_ALIKE } from './interface-row';
import { ATTACHMENT_ROW, HOST_NIC_ROW } from './node-parts';
import { PODS_ALIKE } from './pods';

/** The row shapes of the wire columns. */
export const NODE_ROWS = {
  enis: ENIS_ALIKE.shape,
  pods: PODS_ALIKE.shape,
  interfaces: INTERFACES_ALIKE.shape,
  hostNics: HOST_NIC_ROW,
  attachments: ATTACHMENT_ROW,
} as const satisfies Readonly<Record<string, ObjectShape>>;

/** A table that grows with the number of pods. */
export type NodeTable = keyof typeof NODE_ROWS;

/** The number of rows and the columns, by shape. */
export type PackedTable = readonly [rows: number, columns: Column];
