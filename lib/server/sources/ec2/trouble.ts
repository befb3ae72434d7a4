/** Classes of errors of EC2 and the AWS SDK, each with one sentence for the user. */
import { oneLine } from '../health';

export type Ec2Trouble =
  /** This identity lacks the action. */
  | { readonly kind: 'denied'; readonly message: string }
  | { readonly kind: 'throttled'; readonly message: string }
  /** No call can succeed: no credentials, no region, no connection. */
  | { readonly kind: 'common'; readonly message: string }
  /** This call failed. */
  | { readonly kind: 'failed'; readonly message: string };

const DENIED = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AccessDeniedException',
  'Client.UnauthorizedOperation',
]);
const THROTTLED = new Set([
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'SlowDown',
  'EC2ThrottledException',
]);
const REFUSED_CREDENTIALS = new Set([
  'AuthFailure',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'OptInRequired',
]);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
]);

interface AwsError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Classifies what the SDK threw. `action` without `ec2:`. */
export function ec2TroubleOf(error: unknown, action: string): Ec2Trouble {
  const { name, code, message }: AwsError = typeof error === 'object' && error !== null ? error : {};
  const what = text(name);
  const said = text(message);
  if (DENIED.has(what)) return { kind: 'denied', message: `not allowed to call ec2:${action}; grant this action` };
  if (THROTTLED.has(what)) return { kind: 'throttled', message: `EC2 throttles ec2:${action} (${what})` };
  if (what === 'CredentialsProviderError' || what === 'TokenProviderError') {
    return { kind: 'common', message: oneLine(`no AWS credentials: ${said}`) };
  }
  if (/region is missing/i.test(said)) {
    return { kind: 'common', message: 'no AWS region: set AWS_REGION, or label the nodes with their zone' };
  }
  if (REFUSED_CREDENTIALS.has(what))
    return { kind: 'common', message: oneLine(`AWS refuses the credentials: ${what}: ${said}`) };
  if (what === 'TimeoutError' || UNREACHABLE.has(text(code))) {
    return { kind: 'common', message: oneLine(`EC2 cannot be reached: ${said === '' ? text(code) : said}`) };
  }
  return { kind: 'failed', message: oneLine(`ec2:${action} failed: ${what === '' ? '' : `${what}: `}${said}`) };
}
