/** Values for tests, created from the shapes that declare records and facts. */
import { absentValueOf, type Shape, type ShapeOf } from '../../lib/model/schema/shape';

/** The empty value of a shape: the meaning of its absence; otherwise empty text, zero, false or its first word. */
function emptyOf(shape: Shape): unknown {
  const absent = absentValueOf(shape);
  if (absent !== undefined) return absent;
  switch (shape.kind) {
    case 'text':
      return '';
    case 'number':
      return shape.among?.[0] ?? 0;
    case 'boolean':
      return false;
    case 'word':
      return shape.words[0];
    case 'object':
      return Object.fromEntries(shape.fields.map(([name, field]) => [name, emptyOf(field)]));
    default:
      throw new Error(`a ${shape.kind} has an empty value of its own`);
  }
}

/** Creates values of a shape, with `usual` for fields that a test does not specify. */
export const maker = <T extends object>(shape: ShapeOf<T>, usual: Partial<T>): ((change: Partial<T>) => T) => {
  const whole = { ...(emptyOf(shape) as T), ...usual };
  return (change) => ({ ...whole, ...change });
};
