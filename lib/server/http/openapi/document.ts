/** The description of the HTTP interface (OpenAPI 3.1), generated from the table of routes and the schema of records. */
import { z } from 'zod';
import topologySchema from '../../../../docs/schema/topology-v1.json' with { type: 'json' };
import packageJson from '../../../../package.json' with { type: 'json' };
import { REFUSALS, ROUTES, type Answer, type Content, type Parameter, type Route } from './routes';

type Json = Readonly<Record<string, unknown>>;

const without = (object: Json, ...names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

const plain = (shape: z.ZodType): Json => without({ ...z.toJSONSchema(shape, { target: 'draft-2020-12' }) }, '$schema');

function schemaOf(content: Content): Json {
  switch (content) {
    case 'topology':
      return { $ref: '#/components/schemas/topology' };
    case 'openapi':
      return { type: 'object', required: ['openapi', 'info', 'paths'] };
    case 'text':
      return { type: 'string' };
    case 'bytes':
      return {};
    default:
      return plain(content);
  }
}

const answerOf = ({ description, content }: Answer): Json => {
  const types = Object.entries(content).map(([type, what]) => [type, { schema: schemaOf(what) }] as const);
  return types.length === 0 ? { description } : { description, content: Object.fromEntries(types) };
};

const parameterOf = ({ schema, ...rest }: Parameter): Json => ({ ...rest, schema: plain(schema) });

function operationOf({ summary, description, parameters, body, answers, isOpen, path }: Route): Json {
  const all = isOpen === true ? answers : { ...REFUSALS, ...answers };
  return {
    operationId: path.replace(/\W+/g, ' ').trim().replaceAll(' ', '-'),
    summary,
    ...(description === undefined ? {} : { description }),
    ...(isOpen === true ? { security: [] } : {}),
    // OpenAPI expresses `Accept` through the content types of the responses.
    parameters: parameters.filter(({ name }) => name !== 'Accept').map(parameterOf),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: plain(body) } } } }),
    responses: Object.fromEntries(Object.entries(all).map(([status, answer]) => [status, answerOf(answer)])),
  };
}

/** The schemas of the record set and its records, with references adapted to this document. */
function topologySchemas(): Json {
  const topology = without(topologySchema, '$schema', '$id', '$defs');
  const moved = JSON.stringify({ topology, ...topologySchema.$defs }).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(moved) as Json;
}

/** The document. `base`: the path below which the server is reached, without a trailing `/`. */
export function openApi(base: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'ifscope',
      version: packageJson.version,
      summary: packageJson.description,
      description: 'Read-only. Visitors get only what they may see. Unknown is null, never 0 or an empty text.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: base === '' ? '/' : base }],
    security: [{}, { token: [] }, { session: [] }],
    paths: Object.fromEntries(ROUTES.map((route) => [route.path, { [route.method]: operationOf(route) }])),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The secret of `--token`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'ifscope_session',
          description:
            'Set in a browser that has signed in (`--auth oidc`); its name starts with `__Host-`, below a path `__Secure-`, if `--url` is https.',
        },
      },
      schemas: topologySchemas(),
    },
  };
}
