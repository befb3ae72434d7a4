import { reading, type MainPlugin } from '../base/plugin';

/** Any type that is not listed: shown with its type and its `master` or `device`, without conclusions from them. */
export const unknownPlugin: MainPlugin = {
  kind: 'main',
  type: 'unknown',
  fields: 'any',
  read: (config) => {
    const hint = [config.get('master'), config.get('device')].find(
      (value) => typeof value === 'string' && value !== '',
    );
    return reading({
      parent: { kind: 'unknown', value: typeof hint === 'string' ? hint : null },
      evidence:
        typeof hint === 'string'
          ? `the config names ${hint}, but what this plugin does with it is not known`
          : 'the host interface that this plugin uses is not known',
      semantics: { macPolicy: 'unknown' },
      description: `plugin ${config.owner}, which ifscope does not know`,
    });
  },
};
