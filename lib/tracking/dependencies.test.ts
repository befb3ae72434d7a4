import { describe, expect, it } from 'vitest';
import { Dependencies } from './dependencies';

describe('dependencies', () => {
  it('tells who read a key in its latest run', () => {
    const dependencies = new Dependencies();
    dependencies.replace('a', new Set(['x', 'y']));
    dependencies.replace('b', new Set(['y']));
    expect(dependencies.readersOf('y')).toEqual(['a', 'b']);
    expect(dependencies.edges).toBe(3);
    dependencies.replace('a', new Set(['x', 'z']));
    expect(dependencies.readersOf('y')).toEqual(['b']);
    expect(dependencies.readersOf('z')).toEqual(['a']);
    expect(dependencies.edges).toBe(3);
  });

  it('forgets a unit with all its edges', () => {
    const dependencies = new Dependencies();
    dependencies.replace('a', new Set(['x', 'y']));
    dependencies.forget('a');
    expect(dependencies.readersOf('x')).toEqual([]);
    expect(dependencies.edges).toBe(0);
  });
});
