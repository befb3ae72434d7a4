/**
 * Text beside the answers in posted files: commands and their prompts, messages of tools, errors, logs, and
 * human-readable output.
 */

/** Separators between documents: YAML markers, a Markdown fence, a shell prompt with its command. */
const BETWEEN = /^(?:---(?=\s|$)|\.\.\.\s*$|```|~~~|\$ |\[[^\]@]*@[^\]]*\][$#] |[\w.-]+@[\w.-]+:\S*[$#] )/;
/** A command without a prompt, or after another shell's prompt. Answers contain no such unindented line. */
const COMMAND =
  /^(?!\w+:(?:\s|$))(?:[^"'{}\s][^"'{}]{0,80}[#$%>❯➜»] *|[#$%>❯➜»+] *|➜ +\S+ +)?(?:(?:sudo|time) +)*(?:kubectl|oc|aws|curl) +\S/u;

/** Whether a line ends a document. */
export const isBetween = (line: string): boolean => BETWEEN.test(line) || COMMAND.test(line);

/** zsh's `%`, or the next prompt with its command. */
const PROMPT = /^[^"'{}]{0,80}?[#$%>❯➜»](?: .*)?$/u;

/** Where a prompt begins after an answer without a line break at its end, as `curl` prints ipamd's; -1 without one. */
export function promptBehind(line: string): number {
  const last = /^[}\]]/.test(line)
    ? 0
    : /^[{[]/.test(line)
      ? Math.max(line.lastIndexOf('}'), line.lastIndexOf('}]') + 1)
      : -1;
  return last >= 0 && PROMPT.test(line.slice(last + 1)) ? last + 1 : -1;
}

const PROGRESS =
  /^\s+% Total\s+% Received|^\s+Dload\s+Upload|^\s*\d{1,3}\s+\d+[kMG]?\s+\d+\s.*--:--|^\s*\d{1,3}\s+\d+.*\d+:\d\d:\d\d/;
/** Messages of kubectl on standard error, which end up in the file through `2>&1` or copying from a terminal. */
const SAID =
  /^(?:Warning: |WARNING: |[IWE]\d{4} \d\d:\d\d:\d\d|Default(?:ed|ing) container |Unable to use a TTY|Handling connection for \d|Forwarding from |If you don't see a command prompt|Found existing alias)/;

/** What people write in place of what they leave out of a post. */
const LEFT_OUT =
  /^\s*(?:#\s*)?(?:\.{3,}|…|[[(<](?:\.{3,}|…|(?:\w+ )?(?:snip(?:ped)?|cut|omitted|truncated|redacted|removed))[\])>]),?\s*$/i;

/** Whether a line stands for others that were left out; an unindented one of dots ends a YAML document, unless indented lines follow. */
export const isLeftOut = (line: string, next: string): boolean =>
  LEFT_OUT.test(line) && (/^\s/.test(line) || /^\s+\S/.test(next));

/** Whether a line is neither an answer nor worth a report. Answers contain no such unindented line. */
export const isNoise = (line: string): boolean => PROGRESS.test(line) || SAID.test(line);

/** How `kubectl cluster-info dump` encloses a container's log. */
export const LOG_BEGINS = /^==== START logs for container /;
/** The end of such a log. */
export const LOG_ENDS = /^==== END logs for container /;

const LOG_LINE =
  /^(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|[IWEF]\d{4} \d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\{ ?"(?:level|ts|time|timestamp|severity|msg|log)" ?: ?["\d]|time="|level=|\[(?:DEBUG|INFO|WARN|ERROR)\] )/;
/** Whether a line is an entry of ipamd's log, which people paste between answers; it may continue on indented lines. */
export const isAgentEntry = (line: string): boolean =>
  /^(?:\{"level":"\w{1,8}","ts":"|\d{4}-\d\d-\d\dT[\d:.]{8,18}Z \[(?:DEBUG|INFO|WARN|ERROR)\] |\[(?:DEBUG|INFO|WARN|ERROR)\] \d{4}-\d\d-\d\dT|\d{4}-\d\d-\d\dT[\d:.+-]{8,24}Z?\t(?:debug|info|warn|error)\t|time="\d{4}-\d\d-\d\dT[^"]{8,24}" level=\w)/i.test(
    line,
  );

/** Number of lines examined to recognise a log. */
const LOOKED_AT = 30;

/** Whether most of the first lines look like a log. */
export function isLog(text: string): boolean {
  const lines = text
    .slice(0, LOOKED_AT << 10)
    .split('\n', 4 * LOOKED_AT)
    .filter((line) => line.trim() !== '')
    .slice(0, LOOKED_AT);
  return lines.length > 0 && lines.filter((line) => LOG_LINE.test(line)).length > lines.length * 0.6;
}

/** The report of a log. */
export const A_LOG =
  'is a log, not an API answer; ifscope reads the output of kubectl get -o json, of aws, and of ipamd';
/** The report of text that is not an answer. */
export const A_TEXT = 'is text, not an API answer';

/** Error messages of kubectl, the AWS CLI and curl. */
const ERROR =
  /^(?:error: |Error from server|An error occurred \(|Unable to connect to the server|The connection to the server \S+ was refused|aws: error: |curl: \(\d+\) )/;
/** Whether a line is an error message of kubectl, the AWS CLI or curl. */
export const isError = (line: string): boolean => ERROR.test(line);
/** The report of an error message. */
export const AN_ERROR = 'is an error message, not an answer; resolve the error, and take it again';

const TABLE = /^(?:NAMESPACE +)?(?:NAME|LAST SEEN) {2,}[A-Z]|^[-+|]{6,}/;
/** The start of `kubectl describe` output. */
const DESCRIBED = /^Name: +\S.*\n(?:Namespace|Roles|Labels|Annotations|API Version|Priority): /;
/** Only the list of Events at the end of `kubectl describe`. */
const LIST_OF_EVENTS = /^\s*(?:Events:[ \t]*\n)?[ \t]*Type {2,}Reason {2,}Age {2,}From {2,}Message/;
/** `aws --output text` */
const TABBED = /^[A-Z][A-Z0-9]{3,}\t/m;
/** `kubectl get -o name` */
const NAMES = /^(?:[a-z][\w.-]*\/[\w.-]+\n)*[a-z][\w.-]*\/[\w.-]+\s*$/;

const AGAIN = 'take it again with -o yaml or --output json';

const DESCRIBED_NAME = /^Name: +([a-z0-9][a-z0-9.-]*) *$/m;
const DESCRIBED_NAMESPACE = /^Namespace: +([a-z0-9][a-z0-9-]*) *$/m;

/** The command that prints the same objects as this `kubectl describe` in a readable form, with events, which describe shows. */
function instead(text: string): string {
  const name = DESCRIBED_NAME.exec(text)?.[1];
  const namespace = DESCRIBED_NAMESPACE.exec(text)?.[1];
  if (name !== undefined && namespace !== undefined && /^Node: |^IPs?: /m.test(text))
    return `kubectl get pods,events -n ${namespace} -o yaml`;
  if (name !== undefined && /^Roles: /m.test(text)) return `kubectl get node ${name} -o yaml`;
  return 'kubectl get -o yaml';
}

const LISTED_EVENTS =
  'is the list of Events from kubectl describe, not an API answer; take it again with kubectl get events -A -o yaml';

/** For a text with such a list, if neither the text nor a command names the object of the Events. */
export const NAMELESS_EVENTS =
  'contains a list of Events that does not name their object; take it again with kubectl get events -A -o yaml';

/** The report of human-readable output of which only the Events are read. */
export const onlyEvents = (text: string): string =>
  DESCRIBED.test(text)
    ? `is the output of kubectl describe: only its Events are read; for the rest, take the output of ${instead(text)}`
    : 'is the list of Events from kubectl describe: only the Events are read';

/** The report of pods and nodes that are described. */
export const AS_DESCRIBED =
  'is the output of kubectl describe: its pods, nodes and Events are read as far as it prints them';

/** Why human-readable output is not read; null for other text. */
export const forPeople = (text: string): string | null =>
  TABLE.test(text)
    ? `is a human-readable table, not an API answer; ${AGAIN}`
    : DESCRIBED.test(text)
      ? `is the output of kubectl describe, not an API answer; take it again with ${instead(text)}`
      : LIST_OF_EVENTS.test(text)
        ? LISTED_EVENTS
        : TABBED.test(text)
          ? `is human-readable text, not an API answer; ${AGAIN}`
          : NAMES.test(text)
            ? `contains only names; ${AGAIN}`
            : null;

const KEYS =
  'apiVersion|kind|items|NetworkInterfaces?|NetworkInterfaceId|Reservations|Instances|InstanceTypes|Subnets|SubnetId';
/** The start of an answer after other text. */
const ANSWER_BEGINS = new RegExp(`^(?:[{[]|(?:- )?(?:${KEYS}):)`, 'm');
const KEY_OF_ANSWER = new RegExp(`^[ {-]*"?(?:${KEYS})"?:`, 'm');

/** Metrics of aws-node, or a comment on them. */
export const METRICS = /^(?:# (?:HELP|TYPE) )?awscni_\w+/m;

/** The first line of metrics. */
const METRICS_BEGIN = /^(?:# (?:HELP|TYPE) \w+ |awscni_\w+[{ ])/;

/** Whether metrics begin with this line, or, within metrics, something else does. */
export const endsSort = (line: string, isInMetrics: boolean): boolean =>
  (isInMetrics ? ANSWER_BEGINS : METRICS_BEGIN).test(line);

/** Whether an answer can begin with this line. */
export const beginsAnswer = (line: string): boolean => ANSWER_BEGINS.test(line) || METRICS.test(line);

/** Whether the text contains a line of an answer. */
export const hasAnswer = (text: string): boolean => KEY_OF_ANSWER.test(text);

/** Offset of an answer after other text; null without one. */
export function answerBehind(text: string): number | null {
  const first = text.indexOf('\n') + 1;
  const found = first === 0 ? -1 : text.slice(first).search(ANSWER_BEGINS);
  return found < 0 ? null : first + found;
}

/** Whether an unindented line is prose, not YAML. */
export const isProse = (line: string): boolean => /^[^\s#-]/.test(line) && !/^["']?[\w./-]+["']?:(?:\s|$)/.test(line);
