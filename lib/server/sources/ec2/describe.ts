/**
 * The five calls. Each reads all pages or throws; ENIs are returned page by page. Long lists are split, because a
 * filter takes at most 200 values.
 */
import {
  type EC2Client,
  type Filter,
  GetSubnetCidrReservationsCommand,
  paginateDescribeInstances,
  paginateDescribeInstanceTypes,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSubnets,
} from '@aws-sdk/client-ec2';
import type { EniFact } from '../../../model/facts';
import type { Projection, ReservationRead } from './xml/projection';

/** The dependencies of a paged call. */
export interface Describe {
  readonly client: EC2Client;
  readonly signal: AbortSignal;
  /** Awaited before every page, so that a more urgent call can go first. */
  readonly between: () => Promise<void>;
  /** Called for every page that has arrived. */
  readonly onPage: () => void;
  /** Parses the client's large answers. */
  readonly projection: Projection;
}

/** Maximum values of one filter. */
export const MOST_VALUES = 200;
/** EC2's maximum page size. */
export const PAGE = 1_000;
/** DescribeInstanceTypes and GetSubnetCidrReservations have smaller pages. */
const SMALL_PAGE = 100;

/** Splits a list into chunks that fit in one filter. */
export function chunksOf<T>(values: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let from = 0; from < values.length; from += MOST_VALUES) chunks.push(values.slice(from, from + MOST_VALUES));
  return chunks;
}

/** Filters over long lists of values: one set of filters per 200. */
export const filtersOver = (name: string, values: readonly string[], ...more: Filter[]): Filter[][] =>
  chunksOf(values).map((chunk) => [{ Name: name, Values: chunk }, ...more]);

/** A paginator of the AWS SDK. */
type Paginate<P> = (
  config: { client: EC2Client; pageSize: number },
  input: { Filters: Filter[] },
  options: { abortSignal: AbortSignal },
) => AsyncIterator<P>;

interface Paged<P> {
  readonly paginate: Paginate<P>;
  readonly pageSize: number;
  readonly filters: Filter[];
}

async function* pagesOf<P>(describe: Describe, { paginate, pageSize, filters }: Paged<P>): AsyncGenerator<P> {
  const { client, signal, between, onPage } = describe;
  const pages = paginate({ client, pageSize }, { Filters: filters }, { abortSignal: signal });
  for (;;) {
    await between();
    const page = await pages.next();
    if (page.done === true) return;
    onPage();
    yield page.value;
  }
}

async function collect<P, E>(
  describe: Describe,
  paged: Paged<P>,
  take: (page: P) => readonly E[] | undefined,
): Promise<E[]> {
  const found: E[] = [];
  for await (const page of pagesOf(describe, paged)) for (const element of take(page) ?? []) found.push(element);
  return found;
}

/** A page of network interfaces. */
export interface InterfacePage {
  readonly enis: readonly EniFact[];
  readonly isLast: boolean;
}

/** Yields page by page; throws the SDK's errors. */
export async function* describeNetworkInterfaces(describe: Describe, filters: Filter[]): AsyncGenerator<InterfacePage> {
  const paged = { paginate: paginateDescribeNetworkInterfaces, pageSize: PAGE, filters };
  for await (const page of pagesOf(describe, paged))
    yield { enis: describe.projection.interfacesOf(page), isLast: (page.NextToken ?? '') === '' };
}

/** All reservations that match. */
export const describeInstances = (describe: Describe, filters: Filter[]): Promise<ReservationRead[]> =>
  collect(describe, { paginate: paginateDescribeInstances, pageSize: PAGE, filters }, (page) =>
    describe.projection.reservationsOf(page),
  );

/** All instance types that match, as the SDK returns them. */
export const describeInstanceTypes = (describe: Describe, filters: Filter[]): Promise<unknown[]> =>
  collect(
    describe,
    { paginate: paginateDescribeInstanceTypes, pageSize: SMALL_PAGE, filters },
    (page) => page.InstanceTypes,
  );

/** All subnets that match, as the SDK returns them. */
export const describeSubnets = (describe: Describe, filters: Filter[]): Promise<unknown[]> =>
  collect(describe, { paginate: paginateDescribeSubnets, pageSize: PAGE, filters }, (page) => page.Subnets);

/** IPv4 and IPv6 reservations of one subnet. The SDK has no paginator for this call. */
export async function getSubnetCidrReservations(describe: Describe, subnet: string): Promise<unknown[]> {
  const found: unknown[] = [];
  let token: string | undefined;
  do {
    await describe.between();
    const page = await describe.client.send(
      new GetSubnetCidrReservationsCommand({ SubnetId: subnet, MaxResults: SMALL_PAGE, NextToken: token }),
      { abortSignal: describe.signal },
    );
    describe.onPage();
    found.push(...(page.SubnetIpv4CidrReservations ?? []), ...(page.SubnetIpv6CidrReservations ?? []));
    token = page.NextToken === '' ? undefined : page.NextToken;
  } while (token !== undefined);
  return found;
}
