/**
 * Providers of AWS credentials in a cluster, and an EC2 that accepts only these: STS (IRSA: AssumeRoleWithWebIdentity),
 * the agent of EKS Pod Identity, and a check of signature, session token and age in front of an EC2. Written from AWS's
 * API references.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const ROLE = 'arn:aws:iam::111122223333:role/ifscope';

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface Credentials {
  /** To be configured as endpoints of STS, of the agent and of EC2. */
  readonly stsUrl: string;
  readonly agentUrl: string;
  readonly ec2Url: string;
  /** Accepted service account tokens. */
  readonly tokens: Set<string>;
  /** Lifetime of the credentials in milliseconds. */
  lifeMs: number;
  /** An error that STS and the agent return instead of credentials; null: none. */
  refusal: Refusal | null;
  /** Number of credentials issued by STS and by the agent. */
  readonly given: { sts: number; agent: number };
  /** EC2 calls with valid credentials, and why others were refused. */
  readonly calls: { accepted: number; readonly refused: string[] };
  stop(): Promise<void>;
}

interface Session {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
  readonly until: number;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Why a signed request is refused (Signature Version 4); null if it is valid. */
function whyNot(incoming: IncomingMessage, body: Buffer, sessions: ReadonlyMap<string, Session>): string | null {
  const { headers, method = '' } = incoming;
  const said =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (said === null) return 'AuthFailure: not signed';
  const [, id = '', day = '', region = '', service = '', signedHeaders = '', signature = ''] = said;
  const session = sessions.get(id);
  if (session === undefined) return 'AuthFailure: unknown access key';
  if (headers['x-amz-security-token'] !== session.token) return 'AuthFailure: another session token';
  if (Date.now() >= session.until) return 'RequestExpired: the session has expired';
  const named = signedHeaders.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`);
  const canonical = [method, '/', '', named.join(''), signedHeaders, sha256(body)].join('\n');
  const date = String(headers['x-amz-date']);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = [region, service, 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${session.secret}`, day));
  return hmac(key, toSign).toString('hex') === signature ? null : 'SignatureDoesNotMatch: another secret';
}

/** Why STS refuses a form; null if it accepts it. */
function whyRefused(form: URLSearchParams, tokens: ReadonlySet<string>): Refusal | null {
  if (form.get('Action') !== 'AssumeRoleWithWebIdentity' || form.get('RoleArn') !== ROLE)
    return { status: 400, code: 'ValidationError', message: 'another call was expected' };
  if (tokens.has(form.get('WebIdentityToken') ?? '')) return null;
  const message = 'Token expired: current date/time must be before the expiration';
  return { status: 400, code: 'ExpiredTokenException', message };
}

/** `ec2Url`: the EC2 that answers accepted requests. */
export async function startCredentials(ec2Url: string): Promise<Credentials> {
  const sessions = new Map<string, Session>();
  const state: Omit<Credentials, 'stsUrl' | 'agentUrl' | 'ec2Url' | 'stop'> = {
    tokens: new Set(),
    lifeMs: 3_600_000,
    refusal: null,
    given: { sts: 0, agent: 0 },
    calls: { accepted: 0, refused: [] },
  };
  const hand = (): Session => {
    const n = sessions.size + 1;
    const session = { id: `ASIA${n}`, secret: `secret-${n}`, token: `session-${n}`, until: Date.now() + state.lifeMs };
    sessions.set(session.id, session);
    return session;
  };

  async function sts(incoming: IncomingMessage, out: ServerResponse): Promise<void> {
    const form = new URLSearchParams((await bodyOf(incoming)).toString());
    const fail = ({ status, code, message }: Refusal): void => {
      out.writeHead(status, { 'content-type': 'text/xml' });
      out.end(
        `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      );
    };
    const refusal = state.refusal ?? whyRefused(form, state.tokens);
    if (refusal !== null) {
      fail(refusal);
      return;
    }
    state.given.sts++;
    const { id, secret, token, until } = hand();
    out.writeHead(200, { 'content-type': 'text/xml' });
    out.end(
      `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${new Date(until).toISOString()}</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/ifscope/s</Arn></AssumedRoleUser></AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`,
    );
  }

  function agent(incoming: IncomingMessage, out: ServerResponse): void {
    const isKnown = state.tokens.has(incoming.headers.authorization ?? '');
    if (state.refusal !== null || !isKnown) {
      out.writeHead(state.refusal?.status ?? 400, { 'content-type': 'text/plain' });
      out.end(state.refusal?.message ?? 'Service account token cannot be validated');
      return;
    }
    state.given.agent++;
    const { id, secret, token, until } = hand();
    out.writeHead(200, { 'content-type': 'application/json' });
    out.end(
      JSON.stringify({
        AccessKeyId: id,
        SecretAccessKey: secret,
        Token: token,
        AccountId: '111122223333',
        Expiration: new Date(until).toISOString(),
      }),
    );
  }

  async function ec2(incoming: IncomingMessage, out: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const why = whyNot(incoming, body, sessions);
    if (why !== null) {
      state.calls.refused.push(why);
      const [code = '', message = ''] = why.split(': ');
      out.writeHead(401, { 'content-type': 'text/xml' });
      out.end(
        `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
      );
      return;
    }
    state.calls.accepted++;
    const forward = request(ec2Url, { method: 'POST', headers: incoming.headers }, (answer) => {
      out.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(out);
    });
    forward.on('error', () => out.destroy());
    forward.end(body);
  }

  const listen = async (handle: (incoming: IncomingMessage, out: ServerResponse) => void | Promise<void>) => {
    const server = createServer((incoming, out) => {
      void Promise.resolve(handle(incoming, out)).catch(() => out.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };
  const [stsServer, agentServer, ec2Server] = await Promise.all([listen(sts), listen(agent), listen(ec2)]);
  return Object.assign(state, {
    stsUrl: stsServer.url,
    agentUrl: `${agentServer.url}/v1/credentials`,
    ec2Url: ec2Server.url,
    async stop() {
      for (const { server } of [stsServer, agentServer, ec2Server]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  });
}
