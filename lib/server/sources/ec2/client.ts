/**
 * Creates the AWS SDK's EC2 client. Credentials, region and endpoint come from the environment and the shared
 * configuration (`AWS_REGION`, `AWS_PROFILE`, `AWS_ENDPOINT_URL_EC2` …); without a region there, the nodes' zone
 * determines it.
 */
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';

/** Settings of the client. */
export interface Ec2ClientOptions {
  /** Zone from the nodes' labels, `eu-west-1a`; used only if nothing else gives a region. */
  readonly zone?: () => string | null;
  /** For the embedded demo and tests; by default the environment decides. */
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts?: number;
  /** Without a byte for this long, a request has failed. Milliseconds. */
  readonly silenceMs?: number;
}

/** `eu-west-1a` → `eu-west-1`; also for local zones, `us-west-2-lax-1a`. Null for other text. */
export const regionOfZone = (zone: string): string | null =>
  /^[a-z]{2}(?:-[a-z]+)+-\d+(?=[a-z]?$|-)/.exec(zone)?.[0] ?? null;

/** For the SDK's chain of credential providers, which otherwise reads `~/.aws/credentials` only once per process. */
const READ_AGAIN = { ignoreCache: true };

/** Makes the chain look for credentials again, because the user may have logged in. Keeps the old ones if it finds none. */
export async function renewCredentials({ config }: EC2Client): Promise<void> {
  // The chain accepts the option; the client's type lacks it.
  const find: (options: { readonly forceRefresh: boolean }) => Promise<unknown> = config.credentials;
  await find({ forceRefresh: true }).catch(() => undefined);
}

/** Sends no request. The caller destroys the client. */
export function createEc2Client(options: Ec2ClientOptions = {}): EC2Client {
  const { zone = () => null, region, endpoint, credentials, maxAttempts = 3, silenceMs = 30_000 } = options;
  const configured = region === undefined ? new EC2Client({}).config.region : null;
  const config: EC2ClientConfig & typeof READ_AGAIN = {
    ...READ_AGAIN,
    // Backs off when throttled; every attempt also follows our own pace.
    retryMode: 'adaptive',
    maxAttempts,
    // By default the SDK only warns about a request without an answer, and waits forever.
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: silenceMs,
      throwOnRequestTimeout: true,
      socketTimeout: silenceMs,
      // Other AWS tools use these proxies by default; calls to STS use the same handler.
      httpsAgent: { keepAlive: true, maxSockets: 50, proxyEnv: process.env },
    },
    region: async () => {
      if (region !== undefined) return region;
      try {
        return (await configured?.()) ?? '';
      } catch (error) {
        const named = zone();
        const found = named === null ? null : regionOfZone(named);
        if (found === null) throw error;
        return found;
      }
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  return new EC2Client(config);
}
