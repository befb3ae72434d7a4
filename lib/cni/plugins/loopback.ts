import { reading, type MainPlugin } from '../base/plugin';

/** The loopback interface of the pod. */
export const loopback: MainPlugin = {
  kind: 'main',
  type: 'loopback',
  fields: {},
  read: () =>
    reading({
      parent: { kind: 'none', value: null },
      semantics: { perNode: true },
      description: "the pod's own loopback interface",
    }),
};
