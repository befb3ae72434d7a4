import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLUGINS, pluginOf } from './registry';

describe('the list', () => {
  it('has every file of plugins/, each under the name of its type', () => {
    const files = readdirSync(join(import.meta.dirname, 'plugins'), { withFileTypes: true })
      .filter((file) => file.isFile() && !file.name.endsWith('.test.ts') && file.name !== 'unknown.ts')
      .map((file) => file.name.replace(/\.ts$/, ''));
    expect(files.filter((name) => pluginOf(name) === null)).toEqual([]);
    expect(PLUGINS).toHaveLength(files.length);
  });

  it('knows binaries by their exact name, aliases included', () => {
    expect(pluginOf('weave')?.type).toBe('weave-net');
    expect(pluginOf('IPVLAN')).toBeNull();
    expect(pluginOf('__proto__')).toBeNull();
  });

  it('contains no type twice', () => {
    const types = PLUGINS.flatMap((plugin) => [plugin.type, ...(plugin.aliases ?? [])]);
    expect(new Set(types).size).toBe(types.length);
  });
});
