import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { Reviews, type Review } from './reviews';

const alice = { user: 'alice', groups: ['dev', 'ops'] };

function reviewsOf(review: Review) {
  const clock = createFakeClock();
  const asked: string[] = [];
  const reviews = new Reviews((asker, namespace) => {
    asked.push(`${asker.user} ${namespace ?? '*'}`);
    return review(asker, namespace);
  }, clock);
  return { clock, asked, reviews };
}

describe('answers are kept for half a minute', () => {
  it('for each user, group and namespace', async () => {
    const { clock, asked, reviews } = reviewsOf((_, namespace) => Promise.resolve(namespace === 'shop'));
    expect(await reviews.mayList(alice, 'shop')).toBe(true);
    expect(await reviews.mayList(alice, 'bank')).toBe(false);
    expect(await reviews.mayList({ ...alice, groups: ['ops', 'dev'] }, 'shop')).toBe(true);
    expect(asked).toEqual(['alice shop', 'alice bank']);
    await reviews.mayList({ ...alice, groups: ['dev'] }, 'shop');
    await reviews.mayList({ ...alice, user: 'bob' }, 'shop');
    expect(asked).toHaveLength(4);
    clock.advance(29_999);
    await reviews.mayList(alice, 'shop');
    expect(asked).toHaveLength(4);
    clock.advance(1);
    await reviews.mayList(alice, 'shop');
    expect(asked).toHaveLength(5);
    expect(reviews.kept).toBe(1);
  });

  it('and are requested once, however many callers wait for the answer', async () => {
    const { asked, reviews } = reviewsOf(() => Promise.resolve(true));
    await Promise.all([reviews.mayList(alice, 'shop'), reviews.mayList(alice, 'shop')]);
    expect(asked).toHaveLength(1);
  });
});

it('asks up to sixteen questions at a time', async () => {
  let open = 0;
  let most = 0;
  const { reviews, asked } = reviewsOf(async () => {
    most = Math.max(most, ++open);
    await Promise.resolve();
    open--;
    return true;
  });
  await Promise.all(Array.from({ length: 100 }, (_, at) => reviews.mayList(alice, `n${at}`)));
  expect(asked).toHaveLength(100);
  expect(most).toBe(16);
});

it('does not cache a failure, and sends no request for a while', async () => {
  let fails = true;
  const { clock, asked, reviews } = reviewsOf(() => (fails ? Promise.reject(new Error('no')) : Promise.resolve(true)));
  await expect(reviews.mayList(alice, 'shop')).rejects.toThrow('no');
  fails = false;
  await expect(reviews.mayList(alice, 'bank')).rejects.toThrow('no');
  expect(asked).toHaveLength(1);
  clock.advance(3_000);
  expect(await reviews.mayList(alice, 'shop')).toBe(true);
});
