/** The EC2 endpoint: the query protocol over plain HTTP with EC2's errors, throttling and lag. Signatures are not checked. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Faults } from '../faults/faults';
import type { ClusterState } from '../model/state';
import { ACTIONS } from './actions';
import { Ec2Error, readEc2Query, type Ec2Query } from './query';
import { document, errorDocument } from './xml';

/** The EC2 endpoint of a simulated cluster. */
export interface Ec2Server {
  readonly server: Server;
  /** How many times each action was called. */
  readonly requests: () => Readonly<Record<string, number>>;
}

/** Creates the endpoint; its `server` does not listen yet. */
export function createEc2Server(state: ClusterState, faults: Faults): Ec2Server {
  const counts: Record<string, number> = {};
  let serial = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { ec2, ec2LatencyMs } = faults.state;
    if (ec2 === 'down') {
      request.socket.resetAndDestroy();
      return;
    }
    const query = readEc2Query(
      request.method === 'POST' ? await readBody(request) : (request.url?.split('?')[1] ?? ''),
    );
    counts[query.action] = (counts[query.action] ?? 0) + 1;
    if (ec2LatencyMs > 0) await new Promise((resolve) => setTimeout(resolve, ec2LatencyMs));
    serial += 1;
    const requestId = `00000000-0000-4000-8000-${serial.toString(16).padStart(12, '0')}`;
    response.setHeader('date', new Date(state.now()).toUTCString());
    response.setHeader('content-type', 'text/xml;charset=UTF-8');
    try {
      refuse(query);
      const action = ACTIONS[query.action];
      if (action === undefined) {
        throw new Ec2Error('InvalidAction', `The action ${query.action} is not valid for this web service.`);
      }
      const body = action({ account: state.ec2, lagMs: faults.state.ec2LagMs }, query);
      const answer = document(query.action, requestId, body);
      response.writeHead(200).end(ec2 === 'cut' ? answer.slice(0, answer.length / 2) : answer);
    } catch (error) {
      if (!(error instanceof Ec2Error)) throw error;
      response.writeHead(error.status).end(errorDocument(error.code, error.message, requestId));
    }
  };

  const refuse = (query: Ec2Query): void => {
    const { ec2, ec2Denied } = faults.state;
    if (ec2 === 'throttled') throw new Ec2Error('RequestLimitExceeded', 'Request limit exceeded.', 503);
    if (ec2 === 'error') throw new Ec2Error('InternalError', 'An internal error has occurred', 500);
    if (ec2 === 'denied' || ec2Denied.includes(query.action)) {
      throw new Ec2Error(
        'UnauthorizedOperation',
        `You are not authorized to perform this operation. User: arn:aws:sts::111122223333:assumed-role/ifscope/session is not authorized to perform: ec2:${query.action} because no identity-based policy allows the ec2:${query.action} action`,
        403,
      );
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(errorDocument('InternalError', `simulator: ${String(error)}`, ''));
    });
  });
  return { server, requests: () => ({ ...counts }) };
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_BODY_BYTES) throw new Error('request too large');
  }
  return body;
}
