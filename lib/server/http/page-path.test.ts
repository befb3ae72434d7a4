import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pageOf, PUBLIC_FILES } from './page-path';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

test('every file of public is served as a file', () => {
  expect(PUBLIC_FILES).toEqual(readdirSync(path.join(ROOT, 'public')).sort());
});

test('every route of app is answered by itself, not by a page', () => {
  for (const route of readdirSync(path.join(ROOT, 'app'))) expect(pageOf(`/${route}`), route).toBeNull();
});

test.each([
  ['/', '/', null],
  ['/pod/shop/cart', '/', 'pod:shop/cart'],
  ['/node/ip-10-0-0-1.ec2.internal', '/', 'node:ip-10-0-0-1.ec2.internal'],
  ['/pod/shop/caf%C3%A9', '/', 'pod:shop/café'],
  ['/pod/shop', '/not-found', null],
  ['/pod/shop/cart/more', '/not-found', null],
  ['/nothing', '/not-found', null],
  ['/not-found', '/not-found', null],
  ['/pod/a/%zz', '/', 'pod:a/%25zz'],
  ['//evil.example', '/not-found', null],
])('%s', (asked, page, record) => {
  expect(pageOf(asked)).toEqual({ page, record });
});
