/** The description is valid and covers every route. `e2e/package` compares it with a running server. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { API_PATHS } from '../api-paths';
import { openApi } from './document';
import { ROUTES } from './routes';

const APP = path.resolve(import.meta.dirname, '../../../../app');

it.each(['', '/tools/map'])('is a valid OpenAPI document below %j', async (base) => {
  const document = openApi(base);
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  expect(errors).toBeUndefined();
  expect([valid, validator.version]).toEqual([true, '3.1']);
  // Throws if a reference has no target.
  validator.resolveRefs();
  expect(document['servers']).toEqual([{ url: base === '' ? '/' : base }]);
});

it('validation reports what is wrong', async () => {
  const { valid } = await new Validator().validate({ ...openApi(''), paths: { '/x': { get: { responses: 7 } } } });
  expect(valid).toBe(false);
});

describe('the table of routes', () => {
  const files = readdirSync(APP, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('route.ts'));

  it('has every route, by path and method, except for rejected methods', () => {
    const exported = files.flatMap((file) => {
      const methods = [
        ...readFileSync(path.join(APP, file), 'utf8').matchAll(/^export const ([A-Z]+) = (?!forViewer\(onlyPost\))/gm),
      ];
      return methods.map(([, method = '']) => `${method.toLowerCase()} /${path.dirname(file)}`);
    });
    expect(ROUTES.map((route) => `${route.method} ${route.path}`).sort()).toEqual(exported.sort());
  });

  it('lists the paths that exist below /api', () => {
    const paths = ROUTES.map(({ path: one }) => one).filter((one) => one.startsWith('/api/'));
    expect([...API_PATHS].sort()).toEqual(paths.sort());
  });

  it('gives every operation a distinct name', () => {
    const ids = Object.values(openApi('')['paths'] as Record<string, Record<string, { readonly operationId: string }>>)
      .flatMap((methods) => Object.values(methods))
      .map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ROUTES.length);
  });
});
