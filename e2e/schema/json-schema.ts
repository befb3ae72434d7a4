/**
 * The JSON Schema of snapshot files, generated from the declarations in `lib/model/schema`: the structure from the
 * shapes, the descriptions from the doc comments of the fields.
 */
import ts from 'typescript';
import { SCHEMA } from '../../lib/model/records';
import { CLUSTER } from '../../lib/model/schema/cluster';
import { absentValueOf, type Shape } from '../../lib/model/schema/shape';
import { RECORDS, perTable } from '../../lib/model/schema/tables';

type Json = Readonly<Record<string, unknown>>;

const FILE = 'lib/model/records.ts';

/** Descriptions by path; throws for a field without one. */
class Comments {
  readonly #checker: ts.TypeChecker;
  readonly #topology: ts.Type;

  constructor() {
    const program = ts.createProgram([FILE], { strict: true, target: ts.ScriptTarget.ES2023, types: [], noEmit: true });
    this.#checker = program.getTypeChecker();
    const source = program.getSourceFile(FILE);
    const symbol = source && this.#checker.getSymbolAtLocation(source);
    const topology = symbol && this.#checker.getExportsOfModule(symbol).find(({ name }) => name === 'Topology');
    if (topology === undefined) throw new Error(`${FILE} exports no type Topology`);
    this.#topology = this.#checker.getDeclaredTypeOfSymbol(topology);
  }

  /** The type of a file's top-level field; for a table, that of its entries. */
  top(name: string): ts.Type {
    return this.#fieldOf(this.#topology, name).type;
  }

  ofType(type: ts.Type): string {
    return this.#text(type.getSymbol(), this.#checker.typeToString(type));
  }

  ofField(type: ts.Type, name: string): { readonly type: ts.Type; readonly description: string } {
    const { symbol, type: of } = this.#fieldOf(type, name);
    return { type: of, description: this.#text(symbol, `${this.#checker.typeToString(type)}.${name}`) };
  }

  /** The shape of a field's content; for a list, that of its entries; without null. */
  #fieldOf(type: ts.Type, name: string): { readonly symbol: ts.Symbol; readonly type: ts.Type } {
    const symbol = type.getProperty(name);
    if (symbol === undefined) throw new Error(`${this.#checker.typeToString(type)} has no field ${name}`);
    let of = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(symbol));
    const entry = this.#checker.isArrayType(of) ? this.#checker.getTypeArguments(of as ts.TypeReference)[0] : undefined;
    if (entry !== undefined) of = entry;
    return { symbol, type: of };
  }

  #text(symbol: ts.Symbol | undefined, name: string): string {
    const parts = symbol?.getDocumentationComment(this.#checker) ?? [];
    const text = ts.displayPartsToString(parts).replace(/\s+/g, ' ').trim();
    if (text === '') throw new Error(`${name} has no doc comment that says what it means`);
    return text;
  }
}

const TYPES = { text: 'string', number: 'number', boolean: 'boolean' } as const;

function schemaOf(shape: Shape, type: ts.Type, comments: Comments): Json {
  switch (shape.kind) {
    case 'text':
      return { type: TYPES.text, ...(shape.format === undefined ? {} : { format: shape.format }) };
    case 'number':
      return shape.among === undefined ? { type: TYPES.number } : { enum: shape.among };
    case 'boolean':
      return { type: TYPES.boolean };
    case 'word':
      return { enum: shape.words };
    case 'nullable':
      return orNull(schemaOf(shape.of, type, comments));
    case 'list':
      return { type: 'array', items: schemaOf(shape.of, type, comments) };
    case 'map':
      return { type: 'object', additionalProperties: schemaOf(shape.of, type, comments) };
    case 'object':
      return objectSchema(shape.fields, type, comments);
  }
}

const orNull = (schema: Json): Json =>
  'enum' in schema
    ? { enum: [...(schema['enum'] as readonly unknown[]), null] }
    : { ...schema, type: [schema['type'], 'null'] };

function objectSchema(fields: readonly (readonly [string, Shape])[], of: ts.Type, comments: Comments): Json {
  const properties = fields.map(([name, shape]) => {
    const { type, description } = comments.ofField(of, name);
    const absent = absentValueOf(shape);
    const schema = { description, ...schemaOf(shape, type, comments) };
    return [name, absent === undefined ? schema : { ...schema, default: absent }] as const;
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: fields.filter(([, shape]) => absentValueOf(shape) === undefined).map(([name]) => name),
  };
}

/** The files that `readTopology` accepts: fields that it fills in may be absent, and unknown fields are ignored. */
export function jsonSchema(): Json {
  const comments = new Comments();
  const definition = (name: string, shape: Shape): Json => {
    const type = comments.top(name);
    return { description: comments.ofType(type), ...schemaOf(shape, type, comments) };
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:${SCHEMA.replaceAll('/', ':')}`,
    title: 'ifscope topology',
    description:
      'The record set of ifscope as one file. Records are keyed by `id`, which is unique in its list. Unknown is null, never 0 or an empty text.',
    type: 'object',
    properties: {
      schema: { description: 'Name and version of this schema.', const: SCHEMA },
      takenAt: { description: 'When the records were true.', type: 'string', format: 'date-time' },
      cluster: { $ref: '#/$defs/cluster' },
      ...perTable((table) => ({ type: 'array', items: { $ref: `#/$defs/${table}` }, default: [] })),
    },
    required: ['schema', 'takenAt'],
    $defs: {
      cluster: definition('cluster', CLUSTER),
      ...perTable((table) => definition(table, RECORDS[table])),
    },
  };
}
