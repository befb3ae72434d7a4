/** Events in the output of `kubectl get events` and `kubectl describe`. */
import { describe, expect, it } from 'vitest';
import { readDocuments } from './documents';
import { printedEvents } from './printed-events';
import { readCapture } from './read';

const TABLE = `LAST SEEN              TYPE      REASON                   OBJECT                     MESSAGE
2m                     Warning   FailedCreatePodSandBox   pod/web-1                  Failed to create pod sandbox: x  y
46s (x16 over 3m20s)   Warning   FailedCreate             replicaset/web-5d8f7c9b6   Error creating: pods "web-" is forbidden
<unknown>              Warning   InvalidDiskCapacity      node/ip-10-0-0-7           invalid capacity 0
5m                     Normal    Sync                     ingress/web                Scheduled for sync
`;

const brief = (text: string, command = ''): readonly string[] =>
  printedEvents(text, command).map(
    ({ involvedObject, reason, message, count, printed }) =>
      `${Object.values(involvedObject as Record<string, string>).join(' ')} ${String(reason)} ${String(count)} ${String(printed.first)} ${String(printed.last)} ${String(message)}`,
  );

describe('a table of Events', () => {
  it('has the namespace of its command', () =>
    expect(brief(TABLE, '$ kubectl get events -n shop')).toEqual([
      'Pod shop web-1 FailedCreatePodSandBox 1 120 120 Failed to create pod sandbox: x  y',
      'ReplicaSet shop web-5d8f7c9b6 FailedCreate 16 200 46 Error creating: pods "web-" is forbidden',
      'Node  ip-10-0-0-7 InvalidDiskCapacity 1 null null invalid capacity 0',
    ]));

  it('has the namespace of its column', () => {
    const text =
      'NAMESPACE   LAST SEEN   TYPE      REASON   OBJECT      MESSAGE\nshop        2h          Warning   Failed   pod/web-1   no\n';
    expect(brief(text, 'kubectl get events -A')).toEqual(['Pod shop web-1 Failed 1 7200 7200 no']);
  });

  it('may be wide', () => {
    const text =
      'LAST SEEN   TYPE      REASON   OBJECT      SUBOBJECT   SOURCE          MESSAGE   FIRST SEEN   COUNT   NAME\n2m          Warning   Failed   pod/web-1               kubelet, ip-1   no        3m           4       web-1.17\n';
    expect(brief(text)).toEqual(['Pod default web-1 Failed 1 120 120 no']);
    expect(printedEvents(text, '')[0]).toMatchObject({ source: { component: 'kubelet' } });
  });

  it('is not reported as unread, and the answers around it are read', () => {
    const pods = '{"kind":"List","apiVersion":"v1","items":[]}';
    const { documents, unreadable } = readDocuments(
      `$ kubectl get events -n shop\n${TABLE}$ kubectl get pods -o json\n${pods}\n`,
    );
    expect(documents).toHaveLength(4);
    expect(unreadable).toEqual([]);
    expect(documents[0]?.value).toMatchObject({ metadata: { namespace: 'shop' } });
  });
});

const described = (kind: string): string => `Name:         web-1
Namespace:    shop
${kind}
Events:
  Type     Reason                  Age                From               Message
  ----     ------                  ----               ----               -------
  Normal   Scheduled               10m                default-scheduler  Successfully assigned shop/web-1 to n1
  Warning  FailedCreatePodSandBox  5s (x40 over 10m)  kubelet            (combined from similar events): Failed to create pod sandbox: x

`;

describe('kubectl describe', () => {
  it.each([
    ['Node:         n1/10.0.0.4', 'Pod shop'],
    ['Replicas:     0 current / 3 desired', 'ReplicaSet shop'],
    ['Desired Number of Nodes Scheduled: 3', 'DaemonSet shop'],
    ['Update Strategy:    RollingUpdate', 'StatefulSet shop'],
    ['Parallelism:    1', 'Job shop'],
  ])('with %s is attributed to %s', (line, kind) =>
    expect(brief(described(line))[1]).toBe(
      `${kind} web-1 FailedCreatePodSandBox 40 600 5 (combined from similar events): Failed to create pod sandbox: x`,
    ),
  );

  it('may print several objects', () =>
    expect(brief(`${described('Node:  n1')}${described('Node:  n2').replace('web-1', 'web-2')}`)).toHaveLength(4));

  it('may have no Events, or be of another kind', () => {
    expect(brief('Name: web-1\nNamespace: shop\nNode: n1\nEvents:  <none>\n')).toEqual([]);
    expect(brief(described('Type:  ClusterIP'))).toEqual([]);
  });

  it('is reported: only its Events are read', () =>
    expect(readDocuments(described('Node:  n1')).unreadable[0]?.reason).toMatch(
      /^is the output of kubectl describe: only its Events are read; for the rest, take the output of kubectl get /,
    ));
});

/** The part from `Events:` on, as posted. */
const alone = (text: string): string => text.slice(text.indexOf('Events:'));

describe('a bare list of Events', () => {
  const LIST = alone(described(''));
  const OF_POD =
    'Pod shop web-1 FailedCreatePodSandBox 40 600 5 (combined from similar events): Failed to create pod sandbox: x';

  it.each([
    ['after its heading', LIST],
    ['without its heading', LIST.replace('Events:\n', '')],
    ['not indented', LIST.replace('Events:\n', '').replace(/^ {2}/gm, '')],
    ['after prose', `The pod hangs: see below.\n\n${LIST}`],
  ])('%s is attributed to the pod that the scheduler assigned', (_, text) => {
    expect(brief(text)[1]).toBe(OF_POD);
    expect(readDocuments(text).documents).toHaveLength(2);
  });

  it('is attributed to the object that the command names', () => {
    const kubelet = LIST.replace(/^.*Scheduled.*\n/m, '');
    expect(brief(kubelet)).toEqual([]);
    expect(brief(kubelet, '$ kubectl describe pod web-1 -n shop')).toEqual([OF_POD]);
    expect(brief(kubelet, 'kubectl -n shop describe po/web-1')).toEqual([OF_POD]);
    expect(brief(kubelet, 'kubectl describe node n1')[0]).toMatch(/^Node {2}n1 /);
  });

  it('is reported', () =>
    expect(readDocuments(LIST).unreadable.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^is the list of Events from kubectl describe: only the Events are read$/),
    ]));
});

it('ages are relative to the time of the capture', () => {
  const { batches } = readCapture([
    { path: 'capture.json', text: '{"takenAt":"2026-09-01T12:00:00Z"}' },
    { path: 'events.txt', text: TABLE },
  ]);
  const events = batches.flatMap(({ observations }) =>
    observations.flatMap((one) => (one.op === 'replaceAll' && one.kind === 'event' ? one.facts : [])),
  );
  expect(events.map(([, { firstAt, lastAt }]) => [firstAt, lastAt])).toEqual([
    ['2026-09-01T11:58:00Z', '2026-09-01T11:58:00Z'],
    ['2026-09-01T11:56:40Z', '2026-09-01T11:59:14Z'],
  ]);
});
