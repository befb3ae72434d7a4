/** Prefixes: leftovers both ways, targets, an excluded subnet, a mixed roll-out, the blocks of a small subnet (vpc-cni §2.2–2.4, §10). */
import { Cluster } from './kit/cluster';

export function prefix(): Cluster {
  const c = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  c.undecided.push('pool-low', 'warm-pool-waste');
  const s = c.subnet('10.2.0.0/20');
  const excluded = c.subnet('10.3.0.0/20', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '0' } });
  const included = c.subnet('10.4.0.0/20', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '1' } });
  const small = c.subnet('10.5.0.0/25', 'eu-west-1a', { id: 'subnet-small', available: 75 });

  const leftovers = c.node('leftovers', s);
  c.pod('shop/a1', leftovers, leftovers.primary);
  c.pod('shop/a2', leftovers, leftovers.primary);
  leftovers.primary.free(1);
  leftovers.primary.prefix();
  for (let at = 0; at < 3; at += 1) c.pod(`shop/ap${String(at)}`, leftovers, leftovers.primary, { via: 'prefix' });
  leftovers.eni({ dev: 1, by: 'ipamd' }).prefix();
  c.finding('mixed-address-modes', leftovers.id);

  // Not rolled out here yet: the DaemonSet says prefixes, this node's own pod says addresses; and a prefix is left over.
  const reverse = c.node('reverse', s, { env: { ENABLE_PREFIX_DELEGATION: 'false' } });
  c.pod('shop/b1', reverse, reverse.primary);
  reverse.primary.free(2);
  reverse.primary.prefix();
  c.pod('shop/b2', reverse, reverse.primary, { via: 'prefix' });
  c.finding('mixed-address-modes', reverse.id);

  const short = c.node('short', s, { env: { WARM_IP_TARGET: '5', MINIMUM_IP_TARGET: '20' } });
  short.primary.prefix();
  for (let at = 0; at < 14; at += 1) c.pod(`shop/c${String(at)}`, short, short.primary, { via: 'prefix' });

  const over = c.node('over', s, { env: { WARM_IP_TARGET: '2' } });
  for (let at = 0; at < 5; at += 1) over.primary.prefix();
  for (let at = 0; at < 3; at += 1) c.pod(`shop/d${String(at)}`, over, over.primary, { via: 'prefix' });

  // One used address in the only prefix: 15 free are fewer than a prefix, so low already.
  const one = c.node('one', s);
  one.primary.prefix();
  c.pod('shop/e1', one, one.primary, { via: 'prefix' });

  const high = c.node('high', s, { enisJson: 'per-card', env: { WARM_PREFIX_TARGET: '2' } });
  for (let at = 0; at < 4; at += 1) high.primary.prefix();
  c.pod('shop/f1', high, high.primary, { via: 'prefix' });
  high.primary.fromPrefix().freedSecondsAgo = 10;
  high.primary.fromPrefix().freedSecondsAgo = 300;

  const out = c.node('out', excluded);
  out.primary.prefix();
  c.pod('shop/g1', out, out.primary, { via: 'prefix' });
  const second = out.eni({ dev: 1, by: 'ipamd' }, included);
  second.prefix();
  c.pod('shop/g2', out, second, { via: 'prefix' });
  c.finding('subnet-excluded', out.primary.id);

  const xen = c.node('xen', s, { type: 'm4.large' });
  c.pod('shop/h1', xen, xen.primary);
  xen.primary.free(2);

  // Of eight blocks: 0 and 7 hold what AWS keeps, 1 and 2 hold addresses, 4 is reserved; 3 is reserved for prefixes.
  const crowded = c.node('crowded', small, { primary: { ip: '10.5.0.20' } });
  crowded.primary.add('10.5.0.33');
  c.reservations.push(
    { SubnetCidrReservationId: 'scr-1', SubnetId: small.id, Cidr: '10.5.0.48/28', ReservationType: 'prefix' },
    { SubnetCidrReservationId: 'scr-2', SubnetId: small.id, Cidr: '10.5.0.64/28', ReservationType: 'explicit' },
  );
  c.expect('subnets', small.id, { freePrefixes: 3, availableAddresses: 75, cidr: '10.5.0.0/25' });

  c.pod('shop/done', one, one.primary, { via: 'prefix', phase: 'Succeeded' });
  return c;
}
