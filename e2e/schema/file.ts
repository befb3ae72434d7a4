import { format } from 'prettier';
import { jsonSchema } from './json-schema';

export const SCHEMA_FILE = 'docs/schema/topology-v1.json';

/** The expected content of the file. */
export const schemaText = (): Promise<string> =>
  format(JSON.stringify(jsonSchema()), { parser: 'json', printWidth: 120 });
