// A thread starts as plain JavaScript: from here on, TypeScript is read through tsx, as in the command.
import { register } from 'tsx/esm/api';

register();
await import('./serving.ts');
