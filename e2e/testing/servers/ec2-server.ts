/** A scripted EC2 query API on a real socket: form in, XML out. The test sets the answer of each action. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Form = Readonly<Record<string, string>>;

export interface Ec2Answer {
  readonly status?: number;
  /** Element name → value; arrays become `<item>` lists. */
  readonly body?: unknown;
  readonly error?: { readonly code: string; readonly message?: string };
  /** The answer is sent when this resolves. */
  readonly after?: Promise<unknown>;
}

export interface FakeEc2 {
  readonly url: string;
  /** Every call so far. */
  readonly calls: readonly { readonly action: string; readonly form: Form }[];
  on(action: string, answer: (form: Form) => Ec2Answer): void;
  /** Changes the answer to an action before it is sent. */
  raw: ((action: string, whole: string) => string) | null;
  /** The error code for a request with these headers; null: it is answered. */
  guard: ((headers: IncomingHttpHeaders) => string | null) | null;
  /** Resolves when the action has been called this many times in total. */
  called(action: string, times: number): Promise<void>;
  stop(): Promise<void>;
}

const escaped = (text: string): string => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => `<item>${xml(each)}</item>`).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, each]) => `<${name}>${xml(each)}</${name}>`)
      .join('');
  }
  return escaped(String(value));
}

/** The values of the filter with this name; empty without such a filter. */
export function filterValues(form: Form, name: string): string[] {
  for (let n = 1; form[`Filter.${n}.Name`] !== undefined; n++) {
    if (form[`Filter.${n}.Name`] !== name) continue;
    const values: string[] = [];
    for (let v = 1; ; v++) {
      const value = form[`Filter.${n}.Value.${v}`];
      if (value === undefined) return values;
      values.push(value);
    }
  }
  return [];
}

export async function startEc2(): Promise<FakeEc2> {
  const answers = new Map<string, (form: Form) => Ec2Answer>();
  const calls: { action: string; form: Form }[] = [];
  let waiters: { action: string; times: number; resolve: () => void }[] = [];
  const count = (action: string): number => calls.filter((call) => call.action === action).length;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form: Form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
      const action = form['Action'] ?? '';
      calls.push({ action, form });
      const ready = waiters.filter((each) => count(each.action) >= each.times);
      waiters = waiters.filter((each) => !ready.includes(each));
      for (const { resolve } of ready) resolve();
      const sent = (whole: string): string => fake.raw?.(action, whole) ?? whole;
      const refusal = fake.guard?.(request.headers) ?? null;
      const answer = answers.get(action)?.(form) ?? {};
      const {
        status = 200,
        body = {},
        error,
        after,
      } = refusal === null ? answer : { status: 400, error: { code: refusal } };
      void Promise.resolve(after).then(() => {
        response.writeHead(error === undefined ? status : status === 200 ? 400 : status, {
          'content-type': 'text/xml',
        });
        response.end(
          error === undefined
            ? sent(`<${action}Response>${xml(body)}</${action}Response>`)
            : `<Response><Errors><Error><Code>${error.code}</Code><Message>${error.message ?? error.code}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
        );
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeEc2 = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    raw: null,
    guard: null,
    on: (action, answer) => void answers.set(action, answer),
    called: (action, times) =>
      count(action) >= times ? Promise.resolve() : new Promise((resolve) => waiters.push({ action, times, resolve })),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}
