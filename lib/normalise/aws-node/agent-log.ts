/**
 * Reads ipamd's log (`/var/log/aws-routed-eni/ipamd.log`) as the equivalent metrics (vpc-cni §4.3): the pool counts, which
 * ipamd logs every few seconds, and the EC2 calls that failed. The wording of both depends on its version.
 */

/** What a log says. `metrics`: Prometheus text; `enis`: the ids of ENIs that it names, which identify its node. */
export interface AgentLog {
  readonly metrics: string;
  readonly enis: readonly string[];
}

/** In milliseconds. Older pool counts are not those at the time of the capture. */
const MAX_COUNT_AGE = 5 * 60_000;
/** In milliseconds, before the last entry. The cause of an older error may be gone. */
const MAX_ERROR_AGE = 60 * 60_000;
/** An upper bound; no node has more ENIs. */
const MAX_ENIS = 1_000;

/** Pool counts before v1.9, until v1.19, and since v1.20. */
const COUNTS: readonly RegExp[] = [
  /IP (?:Address )?[Pp]ool stats: total ?[:=] ?(?<total>\d{1,6}), (?:used|assigned) ?[:=]? ?(?<assigned>\d{1,6})/,
  /(?:IP|Prefix) pool stats: Total IPs\/Prefixes = (?<total>\d{1,6})\/(?<prefixes>\d{1,5}), AssignedIPs\/CooldownIPs: (?<assigned>\d{1,6})\//,
  /IP stats for Network Card (?<card>\d{1,2}) - total IPs: (?<total>\d{1,6}), assigned IPs: (?<assigned>\d{1,6})/,
];

/** zap as JSON; seelog, with the level before or after the time; zap's console format; logrus. */
const TIME =
  /"ts":"([0-9T:.Z+-]{20,35})"|^(?:\[\w{4,7}\] )?\[?(\d{4}-\d\d-\d\dT[0-9:.]{8,18}(?:Z|[+-]\d\d:?\d\d))|\btime="([0-9T:.Z+-]{20,35})"/;
const FAILED = /"level":"(?:error|warn)"|\[(?:ERROR|WARN)\]|\t(?:ERROR|WARN|error|warn)\t|\blevel=(?:error|warn)/;
const ERROR_CODE =
  /\b(Insufficient\w+|\w+LimitExceeded|Throttl\w+|UnauthorizedOperation|AccessDenied\w*|AuthFailure|Invalid(?:Group|SubnetID|NetworkInterfaceID|ParameterValue)\w*(?:\.\w+)?)(?=:)/;
const REQUEST = /request ?id: ([\w-]{1,64})/i;
const NAMED_CALL =
  /\b((?:Create|Attach|Detach|Delete|Describe|Modify)NetworkInterface\w*|AssignPrivateIpAddresses|AssignIpv6Addresses|CreateTags|Describe(?:Subnets|Instance\w*))\b/;
/** The calls by ipamd’s wording. */
const CALLS: readonly (readonly [words: RegExp, call: string])[] = [
  [/attach/i, 'AttachNetworkInterface'],
  [/creat(?:e|ing) (?:an? )?(?:new )?(?:eni|network interface)/i, 'CreateNetworkInterface'],
  [/(?:allocat|assign)\w* .*(?:private|ip|prefix)/i, 'AssignPrivateIpAddresses'],
];

interface Entry {
  readonly text: string;
  /** Epoch milliseconds; null without a time. */
  readonly at: number | null;
}

/** The entries that matter: a line that begins with a blank continues the one before. */
function* entriesOf(text: string): Iterable<Entry> {
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (!FAILED.test(line) && !line.includes(' stats')) continue;
    const next = lines[at + 1] ?? '';
    const time = TIME.exec(line);
    const parsed = Date.parse(time?.[1] ?? time?.[2] ?? time?.[3] ?? '');
    yield { text: /^\s/.test(next) ? `${line} ${next.trim()}` : line, at: Number.isNaN(parsed) ? null : parsed };
  }
}

const callOf = (text: string): string =>
  NAMED_CALL.exec(text)?.[1] ?? CALLS.find(([words]) => words.test(text))?.[1] ?? 'EC2';

/** The number of failed calls by `api/error`. ipamd logs one call in several lines, with the same request id. */
function errorsOf(entries: readonly Entry[]): Readonly<Record<string, number>> {
  const last = entries.reduce((latest, { at }) => Math.max(latest, at ?? 0), 0);
  const seen = new Set<string>();
  const errors: Record<string, number> = {};
  for (const { text, at } of entries) {
    const code = FAILED.test(text) ? ERROR_CODE.exec(text)?.[1] : undefined;
    if (code === undefined || (at !== null && last - at > MAX_ERROR_AGE)) continue;
    const request = REQUEST.exec(text)?.[1];
    if (request !== undefined && seen.has(request)) continue;
    if (request !== undefined) seen.add(request);
    const error = `${callOf(text)}/${code}`;
    errors[error] = (errors[error] ?? 0) + 1;
  }
  return errors;
}

/** The latest pool counts as gauges; none for several network cards, because the gauges do not distinguish them. */
function gaugesOf(entries: readonly Entry[], takenAt: number): Readonly<Record<string, number>> {
  const counts = entries.flatMap(({ text, at }) => {
    const found = COUNTS.map((pattern) => pattern.exec(text)?.groups).find((groups) => groups !== undefined);
    return found === undefined ? [] : [{ at, ...found }];
  }) as readonly { readonly at: number | null; readonly [name: string]: string | number | null | undefined }[];
  const latest = counts.at(-1);
  if (latest?.at == null || Math.abs(takenAt - latest.at) > MAX_COUNT_AGE) return {};
  if (counts.some(({ card }) => card !== undefined && card !== '0')) return {};
  return {
    awscni_total_ip_addresses: Number(latest['total']),
    awscni_assigned_ip_addresses: Number(latest['assigned']),
    ...(latest['prefixes'] === undefined ? {} : { awscni_total_ipv4_prefixes: Number(latest['prefixes']) }),
  };
}

/** Null for a log with neither pool counts nor failed calls. `takenAt`: time of the capture, epoch milliseconds. */
export function readAgentLog(text: string, takenAt: number): AgentLog | null {
  const entries = [...entriesOf(text)];
  const series = [
    ...Object.entries(gaugesOf(entries, takenAt)).map(([name, value]) => `${name} ${value}`),
    ...Object.entries(errorsOf(entries)).map(([error, count]) => {
      const [api = '', code = ''] = error.split('/');
      return `awscni_aws_api_error_count{api="${api}",error="${code}"} ${count}`;
    }),
  ];
  if (series.length === 0) return null;
  const enis = new Set<string>();
  for (const [id] of text.matchAll(/\beni-[0-9a-f]{8,17}\b/g)) if (enis.size < MAX_ENIS) enis.add(id);
  return { metrics: `${series.join('\n')}\n`, enis: [...enis] };
}
