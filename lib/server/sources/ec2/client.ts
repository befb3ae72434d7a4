/**
 * The AWS SDK's EC2 client. Environment and shared configuration decide credentials, region and endpoint
 * (`AWS_REGION`, `AWS_PROFILE`, `AWS_ENDPOINT_URL_EC2` …); where they name no region, the zone of the nodes does.
 */
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';

export interface Ec2ClientOptions {
  /** Zone or region as the nodes' labels name it, `eu-west-1a`; asked for only when nothing else names a region. */
  readonly zone?: () => string | null;
  /** For the embedded demo and tests; else the environment decides. */
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts?: number;
}

/** `eu-west-1a` → `eu-west-1`; also of local zones, `us-west-2-lax-1a`. Null for what is no AWS zone. */
export const regionOfZone = (zone: string): string | null =>
  /^[a-z]{2}(?:-[a-z]+)+-\d+(?=[a-z]?$|-)/.exec(zone)?.[0] ?? null;

export function createEc2Client(options: Ec2ClientOptions = {}): EC2Client {
  const { zone = () => null, region, endpoint, credentials, maxAttempts = 3 } = options;
  const configured = region === undefined ? new EC2Client({}).config.region : null;
  const config: EC2ClientConfig = {
    // Slows down by itself when throttled, and counts against our own pace with every attempt.
    retryMode: 'adaptive',
    maxAttempts,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
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
