import { overlay } from './shared/overlay';

/** Passes the node's address range to a delegate, by default a bridge. */
export const flannel = overlay('flannel', 'flannel overlay', {
  read: (config) => {
    const delegate = config.object('delegate');
    const type = delegate?.text('type') ?? 'bridge';
    return {
      addsDefaultRoute: delegate?.flag('isDefaultGateway') ?? false,
      description: `flannel overlay through a ${type}`,
    };
  },
});
