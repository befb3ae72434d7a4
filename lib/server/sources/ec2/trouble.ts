/** Classifies errors of EC2 and the AWS SDK, each with one sentence for the user. */
import { CERTIFICATE_WORDS, CONNECTION_WORDS } from '../connection-words';
import { ours, reason, type Reason } from '../reason';

/** An error of EC2 or the SDK. */
export interface Ec2Trouble {
  /**
   * `denied`: this identity lacks the action. `credentials`: they are refused, and no call can succeed with them; new ones
   * may be available meanwhile. `common`: no call can succeed (no credentials, no region, no connection). `failed`: this
   * call failed.
   */
  readonly kind: 'denied' | 'throttled' | 'common' | 'credentials' | 'failed';
  /** For the user. */
  readonly message: Reason;
  /** The message of AWS or the SDK, for the log only. */
  readonly detail?: string;
}

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
const ANOTHER_PROFILE = ours('check AWS_PROFILE and the access keys');
const LOG_IN = ours('log in again (aws sso login)');
const CLOCK = ours('check the clock of this machine and the access keys');
/** The remedy by error code. */
const REFUSED_CREDENTIALS: Readonly<Record<string, Reason>> = {
  AuthFailure: ANOTHER_PROFILE,
  InvalidClientTokenId: ANOTHER_PROFILE,
  UnrecognizedClientException: ANOTHER_PROFILE,
  ExpiredToken: LOG_IN,
  ExpiredTokenException: LOG_IN,
  RequestExpired: CLOCK,
  RequestTimeTooSkewed: CLOCK,
  SignatureDoesNotMatch: CLOCK,
  OptInRequired: ours('the account has not enabled this region; check AWS_REGION'),
  Blocked: ours('AWS has blocked the account'),
  PendingVerification: ours('AWS has not verified the account yet'),
};
/** Certificate errors that a wrong clock causes as well. */
const OUT_OF_TIME = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

interface AwsError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Other EC2 error codes that are shown to the user. */
const SHOWN = new Set([
  'InternalError',
  'InternalFailure',
  'InvalidAction',
  'InvalidParameterValue',
  'InvalidPaginationToken',
  'MissingParameter',
  'ServiceUnavailable',
  'Unavailable',
  'UnsupportedOperation',
]);

/** Error codes that only STS returns, for a service account's token (IRSA). */
const STS_ALONE = new Set([
  'InvalidIdentityToken',
  'InvalidIdentityTokenException',
  'IDPCommunicationError',
  'IDPCommunicationErrorException',
  'IDPRejectedClaim',
  'IDPRejectedClaimException',
  'MalformedPolicyDocument',
  'MalformedPolicyDocumentException',
  'RegionDisabled',
  'RegionDisabledException',
]);

/**
 * The SDK calls STS during an EC2 call, so a refusal may come from either; STS includes its own action in the message.
 */
const isOfSts = (code: string, message: string): boolean => STS_ALONE.has(code) || /\bsts:AssumeRole/.test(message);

/** Classifies an error thrown by the SDK. `action`: without `ec2:`. */
export function ec2TroubleOf(error: unknown, action: string): Ec2Trouble {
  const { name, code, message }: AwsError = typeof error === 'object' && error !== null ? error : {};
  const what = text(name);
  const said = text(message);
  // In parentheses, because the log hides what follows a name such as CredentialsProviderError and a colon.
  const detail = what === '' ? said : `${said} (${what})`;
  const call = ours(action);
  if (isOfSts(what, said))
    return {
      kind: 'common',
      message: reason`no AWS credentials: STS does not grant the service account's role; check its trust policy and AWS_ROLE_ARN`,
      detail,
    };
  if (DENIED.has(what))
    return { kind: 'denied', message: reason`not allowed to call ec2:${call}; grant this action`, detail };
  if (THROTTLED.has(what)) return { kind: 'throttled', message: reason`EC2 throttles ec2:${call} (${ours(what)})` };
  if (what === 'CredentialsProviderError' || what === 'TokenProviderError') {
    return {
      kind: 'common',
      message: reason`no AWS credentials: no provider of the default chain gives any; log in (AWS_PROFILE, aws sso login), in a cluster use Pod Identity or IRSA`,
      detail,
    };
  }
  if (/region is missing/i.test(said)) {
    return { kind: 'common', message: reason`no AWS region: set AWS_REGION, or label the nodes with their zone` };
  }
  const remedy = Object.hasOwn(REFUSED_CREDENTIALS, what) ? REFUSED_CREDENTIALS[what] : undefined;
  if (remedy !== undefined)
    return { kind: 'credentials', message: reason`AWS refuses the credentials: ${ours(what)}; ${remedy}`, detail };
  if (what === 'NotAnAnswer')
    return {
      kind: 'failed',
      message: reason`ec2:${call} failed: the response is not from EC2, or is truncated; check what is in between (a proxy, AWS_ENDPOINT_URL)`,
      detail,
    };
  // Node's message for a connection that breaks during an answer: other calls, with smaller answers, may succeed.
  if (said === 'aborted')
    return {
      kind: 'failed',
      message: reason`ec2:${call} failed: the connection broke during the answer; check what is between (a proxy, a firewall)`,
      detail,
    };
  return connectionTroubleOf(what, text(code), detail) ?? otherTroubleOf(what, call, detail);
}

/** Null if the connection did not fail. */
function connectionTroubleOf(what: string, code: string, detail: string): Ec2Trouble | null {
  if (what === 'TimeoutError')
    return {
      kind: 'common',
      message: reason`EC2 cannot be reached: no answer in time; check what may drop packets (routes, firewalls, a NetworkPolicy)`,
      detail,
    };
  const certificate = Object.hasOwn(CERTIFICATE_WORDS, code) ? CERTIFICATE_WORDS[code] : undefined;
  if (certificate !== undefined) {
    const remedy = OUT_OF_TIME.has(code)
      ? ours('check the clock of this machine')
      : ours('what inspects TLS needs its authority in NODE_EXTRA_CA_CERTS');
    return {
      kind: 'common',
      message: reason`EC2 cannot be reached: its ${ours(certificate)} (${ours(code)}); ${remedy}`,
      detail,
    };
  }
  const words = Object.hasOwn(CONNECTION_WORDS, code) ? CONNECTION_WORDS[code] : undefined;
  if (words === undefined) return null;
  const remedy = code === 'ENOTFOUND' ? ours('; check AWS_REGION') : ours('');
  return { kind: 'common', message: reason`EC2 cannot be reached: ${ours(words)} (${ours(code)})${remedy}`, detail };
}

function otherTroubleOf(what: string, call: Reason, detail: string): Ec2Trouble {
  const shown = SHOWN.has(what) ? ours(what) : ours('the log says why');
  return { kind: 'failed', message: reason`ec2:${call} failed: ${shown}`, detail };
}
