/** `npm run schema`: writes docs/schema/topology-v1.json. */
import { writeFileSync } from 'node:fs';
import { SCHEMA_FILE, schemaText } from './file';

writeFileSync(SCHEMA_FILE, await schemaText());
