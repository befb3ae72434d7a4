/**
 * Accepts only complete answers of EC2. The AWS SDK parses any document with status 200, such as a login page, as an
 * answer without elements, and a truncated one as a shorter list.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import { bodyOf, isAnswer } from './body';

/** The answer is not from EC2, or it is incomplete. */
export class NotAnAnswer extends Error {
  override readonly name = 'NotAnAnswer';
}

const BEGINS = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(\w+)[\s>]/s;
/** Longer than any start or end. In bytes. */
const EDGE = 1_000;

/** Whether the bytes start and end as an answer to `action` does. */
export function isWhole(bytes: Buffer, action: string): boolean {
  const [, root] = BEGINS.exec(bytes.toString('latin1', 0, EDGE)) ?? [];
  const end = bytes.toString('latin1', Math.max(0, bytes.length - EDGE)).trimEnd();
  return root === `${action}Response` && end.endsWith(`</${action}Response>`);
}

/** Installs the check as the innermost middleware. */
export function refuseOthers(client: EC2Client): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (!isAnswer(response)) return result;
      const { commandName = '' } = context as { readonly commandName?: string };
      const bytes = await bodyOf(response);
      const action = commandName.replace(/Command$/, '');
      if (!isWhole(bytes, action)) throw new NotAnAnswer(`${bytes.length} bytes are no whole answer to ${action}`);
      response.body = bytes;
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'ifscopeRefusesOthers' },
  );
}
