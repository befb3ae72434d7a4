/**
 * The rules against simulated clusters, read over HTTP like a capture: every problem that the scene `troubles` contains is
 * found, on the affected records; healthy scenes have no errors or warnings except the expected ones.
 */
import { findScene } from '../../e2e/scenes/index';
import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  GetSubnetCidrReservationsCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { kindOfId } from '../model/ids';
import type { Batch } from '../model/observation';
import type { FindingRecord, Table } from '../model/records';
import { KINDS } from '../normalise/kubernetes/kinds';
import { createManualClock } from '../../e2e/testing/sim/manual-clock';
import { countApiError } from '../sim/model/ipamd';
import type { ExpectedFinding } from '../sim/model/state';
import { startTestSim, type TestSim } from '../../e2e/testing/sim/sim';
import { readCapture, type CaptureFile } from '../snapshot/capture/read';
import type { Replica } from '../records/replica';
import { newTrace } from '../tracking/tracker';
import { Engine } from '../topology/engine';
import { Findings } from './evaluate';
import { RULES } from './registry';
import { TracedReader, type Host, type CheckedRecord } from './reading';
import type { Rule } from './rule/rule';

const MINUTE = 60_000;

async function get(sim: TestSim, path: string): Promise<string | null> {
  const response = await fetch(sim.kubernetesUrl + path, { headers: { authorization: `Bearer ${sim.token}` } });
  const text = await response.text();
  return response.ok ? text : null;
}

async function kubernetesFiles(sim: TestSim): Promise<CaptureFile[]> {
  const paths = new Set(
    KINDS.flatMap(({ group, versions, resource }) =>
      versions.map((version) => `${group === '' ? '/api' : `/apis/${group}`}/${version}/${resource}`),
    ),
  );
  const files = await Promise.all(
    [...paths].map(async (path) => ({
      path: `kubernetes/${path.replaceAll('/', '-')}.json`,
      text: await get(sim, path),
    })),
  );
  return files.flatMap(({ path, text }) => (text === null ? [] : [{ path, text }]));
}

async function ec2Files(sim: TestSim): Promise<CaptureFile[]> {
  const client = new EC2Client({
    region: sim.region,
    endpoint: sim.ec2Url,
    credentials: { accessKeyId: 'sim', secretAccessKey: 'sim' },
  });
  try {
    const page = { MaxResults: 1000 };
    const [interfaces, instances, subnets] = await Promise.all([
      client.send(new DescribeNetworkInterfacesCommand(page)),
      client.send(new DescribeInstancesCommand(page)),
      client.send(new DescribeSubnetsCommand({})),
    ]);
    for (const { NextToken } of [interfaces, instances, subnets])
      if (NextToken !== undefined) throw new Error('the scene has outgrown one page');
    const types = [
      ...new Set(
        instances.Reservations?.flatMap(({ Instances }) => Instances ?? []).flatMap((one) => one.InstanceType ?? []),
      ),
    ];
    const answers: unknown[] = [
      { NetworkInterfaces: interfaces.NetworkInterfaces },
      { Reservations: instances.Reservations },
      { Subnets: subnets.Subnets },
    ];
    if (types.length > 0) {
      const { InstanceTypes } = await client.send(new DescribeInstanceTypesCommand({ InstanceTypes: types }));
      answers.push({ InstanceTypes });
    }
    for (const { SubnetId } of subnets.Subnets ?? []) {
      const { SubnetIpv4CidrReservations } = await client.send(new GetSubnetCidrReservationsCommand({ SubnetId }));
      answers.push({ SubnetIpv4CidrReservations });
    }
    return answers.map((answer, index) => ({ path: `ec2/${index}.json`, text: JSON.stringify(answer) }));
  } finally {
    client.destroy();
  }
}

async function metricsFiles(sim: TestSim): Promise<CaptureFile[]> {
  const agents = [...sim.state.pods.values()].filter(({ app }) => app === 'aws-node');
  const files = await Promise.all(
    agents.map(async ({ name, node }) => ({
      path: `aws-node/${node ?? ''}.prom`,
      text: await get(sim, `/api/v1/namespaces/kube-system/pods/${name}:61678/proxy/metrics`),
    })),
  );
  return files.flatMap(({ path, text }) => (text === null ? [] : [{ path, text }]));
}

/** Reads the whole cluster once. */
async function look(sim: TestSim): Promise<Batch> {
  const files = (await Promise.all([kubernetesFiles(sim), ec2Files(sim), metricsFiles(sim)])).flat();
  const takenAt = new Date(sim.state.now()).toISOString();
  const { batches, problems } = readCapture([...files, { path: 'capture.json', text: JSON.stringify({ takenAt }) }]);
  expect(problems).toEqual([]);
  const [batch] = batches;
  if (batch === undefined) throw new Error('an empty capture');
  return batch;
}

/** ifscope watching the simulated cluster: engine and rules combined as in the store. */
async function watching(sim: TestSim) {
  const engine = new Engine();
  const findings = new Findings(RULES);
  const { replica } = engine;
  const ever = new Map<string, FindingRecord>();
  const judge = (change: ReturnType<typeof engine.apply>, now: number): void => {
    const judged = change === null ? findings.tick(replica, now) : findings.update(replica, now);
    if (judged !== null) replica.apply({ findings: judged });
    // Whatever one call leaves for the next is due immediately.
    for (let due = findings.nextDueAt; due !== null && due <= now; due = findings.nextDueAt) {
      const more = findings.tick(replica, now);
      if (more !== null) replica.apply({ findings: more });
    }
    for (const finding of replica.records.findings.values()) ever.set(finding.id, finding);
  };
  const again = async (): Promise<void> => {
    const batch = await look(sim);
    judge(engine.apply(batch), batch.at);
  };
  await again();
  return {
    replica,
    ever,
    again,
    /** Lets time pass: the clocks of engine and rules advance in steps of 15 seconds. */
    wait(minutes: number): void {
      for (let step = 0; step < 4 * minutes; step++) {
        sim.advance(MINUTE / 4);
        judge(engine.tick(sim.state.now()), sim.state.now());
      }
    },
    now: (): readonly FindingRecord[] => [...replica.records.findings.values()],
  };
}

type Watching = Awaited<ReturnType<typeof watching>>;

const missing = (wanted: readonly ExpectedFinding[], found: Iterable<FindingRecord>): readonly string[] => {
  const all = [...found];
  return wanted
    .filter(
      ({ rule, subjects }) =>
        !all.some((finding) => finding.rule === rule && subjects.includes(finding.subjects[0] ?? '')),
    )
    .map(({ rule, subjects }) => `${rule} ${subjects.join(' ')}`);
};

/** Errors and warnings that the scene does not expect. */
function surprises(sim: TestSim, watch: Watching): readonly FindingRecord[] {
  const { findings, laterFindings } = sim.truth();
  const planned = [...findings, ...laterFindings];
  return watch
    .now()
    .filter(
      ({ rule, severity, subjects }) =>
        severity !== 'info' &&
        !planned.some((one) => one.rule === rule && subjects.some((subject) => one.subjects.includes(subject))),
    );
}

const TABLE_OF = {
  node: 'nodes',
  networkCard: 'networkCards',
  hostNic: 'hostNics',
  eni: 'enis',
  subnet: 'subnets',
  network: 'networks',
  attachment: 'attachments',
  ipPool: 'ipPools',
  pod: 'pods',
  interface: 'interfaces',
  signal: 'signals',
  finding: 'findings',
} as const satisfies Record<NonNullable<ReturnType<typeof kindOfId>>, Table>;

/** Subjects without a record. */
const dangling = ({ replica }: Watching): readonly string[] =>
  [...replica.records.findings.values()].flatMap(({ id, subjects }) =>
    subjects
      .filter((subject) => {
        const kind = kindOfId(subject);
        return kind === null || !replica.records[TABLE_OF[kind]].has(subject);
      })
      .map((subject) => `${id}: ${subject}`),
  );

function untracked(replica: Replica, own: CheckedRecord): TracedReader {
  const host: Host = {
    learnParent: () => undefined,
    learnMembers: () => undefined,
    shared: (_name, compute) => compute(new TracedReader(replica, host, null, newTrace())),
  };
  return new TracedReader(replica, host, own, newTrace());
}

/** Findings reported by two records: if one of them ends, the other's would end as well. */
function claimedTwice({ replica }: Watching, now: number): readonly string[] {
  const claimed = new Map<string, string>();
  const twice: string[] = [];
  for (const rule of RULES) {
    for (const id of replica.records[rule.scope].keys()) {
      const record = replica.records[rule.scope].get(id);
      if (record === undefined) continue;
      const read = untracked(replica, { rule, record });
      const context = { read, now, rerunAt: () => undefined, heldSince: () => 0 };
      const subjects = new Set((rule as Rule).check(record, context).map((sighting) => sighting.subjects[0]));
      for (const subject of subjects) {
        const finding = `${rule.id}/${subject ?? ''}`;
        if (claimed.has(finding)) twice.push(`${finding}: ${id}, ${claimed.get(finding) ?? ''}`);
        claimed.set(finding, id);
      }
    }
  }
  return twice;
}

const running: TestSim[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.stop()));
});

async function start(scene: string): Promise<TestSim> {
  const sim = await startTestSim({ scene: findScene(scene), clock: createManualClock() });
  running.push(sim);
  return sim;
}

/** Increases aws-node's counters on the nodes with the corresponding problem. */
function countTroubles(sim: TestSim): void {
  const counted: Readonly<Record<string, string>> = {
    'ec2-throttled': 'CreateNetworkInterface/RequestLimitExceeded',
    'prefix-fragmented': 'AssignPrivateIpAddresses/InsufficientCidrBlocks',
  };
  for (const { rule, subjects } of sim.truth().laterFindings) {
    for (const subject of subjects) {
      const node = sim.state.nodes.get(subject.slice('node:'.length));
      const error = counted[rule];
      if (node === undefined) continue;
      if (error !== undefined) countApiError(node, error);
      if (rule === 'cooldown-starved') node.metrics.noAvailable += 1;
    }
  }
}

describe('a cluster with every problem', () => {
  it('shows each problem at once, on the record that has it', async () => {
    const sim = await start('troubles');
    const watch = await watching(sim);
    expect(missing(sim.truth().findings, watch.now())).toEqual([]);
    expect(dangling(watch)).toEqual([]);
    expect(claimedTwice(watch, sim.state.now())).toEqual([]);
    // Consequences of a planned problem, which are equally true.
    const consequences = new Set([
      'address-not-on-eni',
      'eni-adopted',
      'max-pods-too-high',
      'network-config-invalid',
      'node-addresses-full',
      'pod-ip-failed',
    ]);
    expect(surprises(sim, watch).filter(({ rule }) => !consequences.has(rule))).toEqual([]);
  });

  it('shows within an hour problems that need time or a rising counter', async () => {
    const sim = await start('troubles');
    const watch = await watching(sim);
    for (let minute = 0; minute < 64; minute += 4) {
      watch.wait(4);
      countTroubles(sim);
      await watch.again();
    }
    const { findings, laterFindings } = sim.truth();
    expect(missing(laterFindings, watch.ever.values())).toEqual([]);
    expect(missing(findings, watch.ever.values())).toEqual([]);
  }, 30_000);
});

describe('a healthy cluster', () => {
  it.each([
    ['small', []],
    // Its kubelets count by instance type, and three ENIs of each node are hidden from ipamd; its labs use macvlan.
    ['telco', ['macvlan-on-eni', 'max-pods-too-high']],
    ['p5', []],
    ['claims', []],
    ['prefix', []],
  ] as const)('%s: no error, no warning', async (scene, known: readonly string[]) => {
    const sim = await start(scene);
    const watch = await watching(sim);
    for (let minute = 0; minute < 12; minute += 4) {
      watch.wait(4);
      sim.step(20);
      await watch.again();
    }
    expect(surprises(sim, watch).filter(({ rule }) => !known.includes(rule))).toEqual([]);
    expect(dangling(watch)).toEqual([]);
    expect(claimedTwice(watch, sim.state.now())).toEqual([]);
  });
});
