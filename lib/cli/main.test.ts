/** Runs the real command like a user: as a process, with its exit code and its two outputs. */
import { small } from '../../e2e/scenes/small';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSim, type Sim } from '../sim/sim';

const ENTRY = path.resolve(import.meta.dirname, 'ifscope.mjs');
const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-cli-'));
const at = (...parts: string[]): string => path.join(folder, ...parts);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The environment of a machine without a cluster; `more` is added. */
function run(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
  nodeArgs: readonly string[] = [],
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [...nodeArgs, ENTRY, ...args], {
      cwd: folder,
      env: { PATH, HOME: at('home'), NODE_ENV: 'test', NODE_NO_WARNINGS: '1', ...more },
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', reject).on('close', (code) => resolve({ code, out, err }));
  });
}

const kubeconfig = (server: string, user: object): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
  });

let sim: Sim;
const blocker = createServer();
let taken = 0;

beforeAll(async () => {
  mkdirSync(at('home'));
  mkdirSync(at('empty'));
  mkdirSync(at('full'));
  writeFileSync(at('full', 'something'), '');
  writeFileSync(at('broken.json'), '{"schema": ');
  writeFileSync(at('other.json'), '{"hello": 1}');
  writeFileSync(at('newer.json'), '{"schema": "ifscope/topology/v99"}');
  writeFileSync(at('broken-config'), ': not: [yaml');
  const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'no-such-plugin' };
  writeFileSync(at('plugin-config'), kubeconfig('http://127.0.0.1:1', { exec }));
  writeFileSync(at('refused-config'), kubeconfig('http://127.0.0.1:1', { token: 't' }));
  sim = await startSim({ scene: small, changesPerSecond: 0 });
  writeFileSync(at('sim-config'), kubeconfig(sim.kubernetesUrl, { token: sim.token }));
  writeFileSync(at('wrong-token-config'), kubeconfig(sim.kubernetesUrl, { token: 'wrong' }));
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const address = blocker.address();
  taken = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  await sim.stop();
  blocker.close();
  rmSync(folder, { recursive: true, force: true });
});

type Env = Readonly<Record<string, string>>;
type Row = readonly [name: string, args: readonly string[], env: Env, code: 1 | 2, said: RegExp];
const OF_ACCESS: readonly Row[] = [
  [
    'an identity provider that nobody is sent to',
    ['--oidc-issuer', 'https://login.corp', '--from', 'demo'],
    {},
    2,
    /--oidc-issuer does nothing with --auth none: choose --auth oidc/,
  ],
  [
    'a proxy that nobody asks',
    ['--proxy-from', '10.0.0.1', '--token', 't', '--from', 'demo'],
    {},
    2,
    /--proxy-from does nothing with --auth token: choose --auth proxy/,
  ],
  [
    'rights of an unknown context',
    ['--auth', 'proxy', '--proxy-from', '10.0.0.1', '--rights', 'prod', '--from', 'demo'],
    { KUBECONFIG: 'refused-config' },
    2,
    /--rights prod: .*here.*all/,
  ],
  [
    'rights that nobody can say',
    ['--auth', 'proxy', '--proxy-from', '10.0.0.1', '--from', 'demo'],
    {},
    2,
    /demo cluster.*--rights CONTEXT.*--rights all/,
  ],
  ['a flag of no command', ['check', '--colour'], {}, 2, /--colour.*see ifscope check --help/],
];

const OF_CLUSTERS: readonly Row[] = [
  [
    'a refused connection',
    ['snapshot'],
    { KUBECONFIG: 'refused-config' },
    1,
    /context here.*ECONNREFUSED|context here.*refused/,
  ],
  ['a wrong token', ['snapshot'], { KUBECONFIG: 'wrong-token-config' }, 1, /context here.*401/],
  [
    'a credential plugin that is not installed',
    ['snapshot'],
    { KUBECONFIG: 'plugin-config' },
    1,
    /user "u" in kubeconfig .*plugin no-such-plugin, which is not on the PATH: install it/,
  ],
];

describe('bad input is one line with the value and the remedy', () => {
  const rows: readonly Row[] = [
    ...OF_CLUSTERS,
    ['an unknown command', ['fly'], {}, 2, /"fly".*snapshot/],
    ['a misspelt command', ['srve'], {}, 2, /"srve": did you mean serve\?/],
    ['a misspelt command after its flags', ['--from', 'demo', 'lokup', '10.0.0.1'], {}, 2, /lokup/],
    ['help of an unknown command', ['help', 'fly'], {}, 2, /"fly".*snapshot/],
    ['an empty --from', ['check', '--from', ''], {}, 2, /--from "".*demo/],
    ['an empty --from=', ['check', '--from='], {}, 2, /--from "".*demo/],
    ['an unknown option', ['serve', '--prot', '1'], {}, 2, /--prot.*--port/],
    ['an invalid port', ['--port', '99999'], {}, 2, /99999.*65535/],
    ['an invalid port in the environment', [], { PORT: 'x' }, 2, /'x' from env 'PORT'.*65535/],
    ['a missing argument', ['lookup'], {}, 2, /what/],
    ['nothing to explain', ['explain', 'settings', '--from', 'demo'], {}, 2, /"settings".*pod NAMESPACE\/NAME/],
    ['a pod without a namespace', ['explain', 'pod', 'p1', '--from', 'demo'], {}, 1, /no pod is named p1/],
    ['no address to look up', ['lookup', '10.0.0.999', '--from', 'demo'], {}, 2, /"10\.0\.0\.999" is not an address/],
    ['an empty text to compare with', ['diff', '', 'demo'], {}, 2, /^ifscope: "" cannot be compared: give /],
    ['nothing to compare with', ['diff', 'demo', 'nope.json'], {}, 2, /^ifscope: nope\.json: no such file/],
    ['nothing to look up', ['lookup', ' ', '--from', 'demo'], {}, 2, /" ".*address/],
    ['a query that cannot be read', ['list', 'eni managed:maybe', '--from', 'demo'], {}, 2, /managed:maybe.*yes, no/],
    ['a query without a kind', ['list', 'free<5%', '--from', 'demo'], {}, 2, /subnet free<5%/],
    ['a target that is not a number', ['capacity', '--set', 'WARM_IP_TARGET=x'], {}, 2, /WARM_IP_TARGET=x.*a number/],
    ['an unknown setting', ['capacity', '--set', 'WARM=1'], {}, 2, /WARM=1.*prefix-mode/],
    ['a churn that is not a number', ['capacity', '--churn', 'much'], {}, 2, /churn=much.*number/],
    [
      'an unknown rule',
      ['check', '--rule', 'no-such-rule', '--from', './empty'],
      {},
      2,
      /no-such-rule.*duplicate-address/,
    ],
    [
      'half a rule',
      ['check', '--rule', 'pool-low,Adopted'],
      {},
      2,
      /Adopted.*did you mean eni-adopted or eni-will-be-adopted\?/,
    ],
    ['half a rule that two kinds of records have', ['check', '--rule', 'trunk'], {}, 2, /did you mean trunk-missing\?/],
    ['an unknown severity', ['check', '--fail-on', 'bad'], {}, 2, /bad.*error, warning, info/],
    [
      'a public address without sign-in',
      ['--host', '0.0.0.0', '--from', 'demo'],
      {},
      2,
      /0\.0\.0\.0.*--token.*--auth proxy or oidc.*--trusted-proxy.*--auth none/,
    ],
    [
      'the address of another machine',
      ['--host', '192.0.2.1', '--token', 't', '--from', 'demo'],
      {},
      2,
      /192\.0\.2\.1.*127\.0\.0\.1/,
    ],
    ...OF_ACCESS,
    ['an unknown context', ['snapshot', '--from', 'prod'], { KUBECONFIG: 'refused-config' }, 2, /prod.*here/],
    ['a missing file', ['snapshot', '--from', './gone.json'], {}, 2, /gone\.json/],
    ['an unreadable kubeconfig', ['snapshot'], { KUBECONFIG: 'broken-config' }, 1, /broken-config/],
    ['a missing kubeconfig', ['snapshot'], { KUBECONFIG: 'gone-config' }, 1, /gone-config/],
    ['an empty capture folder', ['snapshot', '--from', './empty'], {}, 1, /empty.*no capture/],
    ['an unreadable snapshot', ['snapshot', '--from', './broken.json'], {}, 1, /broken\.json.*JSON/],
    ['a file that is not a snapshot', ['serve', '--from', './other.json', '--port', '0'], {}, 1, /other\.json.*schema/],
    ['a snapshot of a newer version', ['check', '--from', './newer.json'], {}, 1, /newer\.json.*update ifscope/],
    ['a folder that is not empty', ['capture', '--from', 'demo', '-o', 'full'], {}, 2, /full.*not empty/],
    [
      'a capture of a snapshot',
      ['capture', '--from', './broken.json', '-o', 'new'],
      {},
      2,
      /broken\.json.*no raw answers/,
    ],
    ['a capture of an empty folder', ['capture', '--from', './empty', '-o', 'new2'], {}, 1, /empty.*no capture/],
  ];
  it.concurrent.each(rows)('%s', { timeout: 60_000 }, async (_, args, env, code, said) => {
    const config: Env = env.KUBECONFIG === undefined ? {} : { KUBECONFIG: at(env.KUBECONFIG) };
    const ended = await run(args, { ...env, ...config });
    expect(ended.err).toMatch(said);
    expect(ended).toMatchObject({ code, out: '', err: expect.stringMatching(/^ifscope: [^\n]+\n$/) as string });
  });

  it('a port in use', async () => {
    const ended = await run(['--from', 'demo', '--port', String(taken)]);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toMatch(new RegExp(`^ifscope: port ${taken} on 127\\.0\\.0\\.1 is in use: .*--port`));
  });

  it('an old Node, before anything is loaded', async () => {
    const old = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})`;
    const ended = await run(['--help'], {}, ['--import', old]);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(/^ifscope: needs Node 22\.19 or later, this is 20\.20\.2: [^\n]+\n$/);
  });
});

describe('help', () => {
  it.concurrent.each(
    [
      [],
      ['serve'],
      ['snapshot'],
      ['capture'],
      ['check'],
      ['diff'],
      ['lookup'],
      ['explain'],
      ['list'],
      ['capacity'],
    ].map((command) => [command]),
  )('of %j is printed on standard output', async (command) => {
    const ended = await run([...command, '--help']);
    expect(ended).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Usage: ifscope') as string });
    if (command.length > 0) expect(ended.out).toContain('--output');
  });
});

/** Runs `capacity` on a snapshot of eight nodes. */
async function tellsWhatIf(file: string): Promise<void> {
  const change = ['--set', 'WARM_IP_TARGET=1', '--set', 'MINIMUM_IP_TARGET=1'];
  const capacity = await run(['capacity', ...change, '--from', file, '--output', 'json']);
  expect(JSON.parse(capacity.out)).toMatchObject({
    changes: { targets: { WARM_IP_TARGET: 1, MINIMUM_IP_TARGET: 1 } },
    all: { before: { nodes: 8 }, after: { nodes: 8 } },
    homeless: 0,
  });
  const elsewhere = await run(['capacity', '--lose-zone', 'x', '--from', file]);
  expect(elsewhere).toMatchObject({ code: 2, out: '' });
  expect(elsewhere.err).toMatch(/^ifscope: lose-zone=x: the zones of nodes are \S+.*\n$/);
  const asItIs = await run(['capacity', '--from', file]);
  expect(asItIs.out).toMatch(/: as it is\n\nINSTANCE TYPE .*\n[^→]*\n- After: /);
}

describe('against a cluster', { timeout: 90_000 }, () => {
  const cluster = (): Record<string, string> => ({
    KUBECONFIG: at('sim-config'),
    AWS_REGION: sim.region,
    AWS_ENDPOINT_URL_EC2: sim.ec2Url,
    AWS_ACCESS_KEY_ID: 'k',
    AWS_SECRET_ACCESS_KEY: 's',
    IFSCOPE_EC2_GAP_SECONDS: '0.02',
  });

  it('check lists the rules that could not be evaluated, so that no findings does not mean no problems', async () => {
    mkdirSync(at('part', 'kubernetes'), { recursive: true });
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'u1' } };
    writeFileSync(at('part', 'kubernetes', 'nodes.json'), JSON.stringify({ kind: 'NodeList', items: [node] }));
    const text = await run(['check', '--from', './part']);
    expect(text.code).toBe(0);
    expect(text.out).toMatch(/^ec2\/network-interfaces is absent: \d+ rules did not run \(address-in-ipamd-pool,/m);
    const one = await run(['check', '--from', './part', '--rule', 'network-missing', '--output', 'json']);
    expect(JSON.parse(one.out)).toMatchObject({
      silent: [{ source: 'kubernetes/pods', state: 'absent', rules: ['network-missing'] }],
    });
  });

  it('list reports that ENIs are not known if EC2 was not queried', async () => {
    mkdirSync(at('no-ec2', 'kubernetes'), { recursive: true });
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'u1' } };
    writeFileSync(at('no-ec2', 'kubernetes', 'nodes.json'), JSON.stringify({ kind: 'NodeList', items: [node] }));
    const enis = await run(['list', 'eni', '--from', './no-ec2']);
    expect(enis).toMatchObject({ code: 0, err: expect.stringContaining('ENIs are not known') as string });
    expect(enis.out).toMatch(/^ENIs are not known: ec2\/network-interfaces is absent/);
    const nodes = await run(['list', 'room:unknown', '--from', './no-ec2']);
    expect(nodes.out).toContain('1 of 1 nodes');
  });

  it('a reason that affects all of EC2 is printed once', async () => {
    const listed = await run(['list', 'node'], { ...cluster(), AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:1' });
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('8 of 8 nodes') as string });
    expect(listed.err).toMatch(
      /^ifscope: incomplete: ec2\/network-interfaces, ec2\/instances, .* failing \(EC2 cannot be reached: connection refused \(ECONNREFUSED\)\)\n$/,
    );
  });

  it('snapshot, lookup, list, check and diff agree', async () => {
    const taken = await run(['snapshot', '-o', 'snap.json'], cluster());
    expect(taken).toMatchObject({ code: 0, out: '', err: '' });
    const snapshot = JSON.parse(readFileSync(at('snap.json'), 'utf8')) as {
      pods: { id: string }[];
      nodes: { id: string }[];
      enis: { id: string; addresses: { ip: string; state: string }[] }[];
    };
    expect(snapshot.nodes.length).toBe(8);
    expect(snapshot.pods.length).toBeGreaterThan(20);

    const again = await run(['snapshot', '--from', 'snap.json']);
    expect(again.out).toBe(readFileSync(at('snap.json'), 'utf8'));

    const warm = snapshot.enis.flatMap((eni) =>
      eni.addresses.filter(({ state }) => state === 'warm').map(({ ip }) => [ip, eni.id] as const),
    )[0];
    if (warm === undefined) throw new Error('no warm address');
    const found = await run(['lookup', warm[0], '--from', 'snap.json']);
    expect(found.out).toMatch(new RegExp(`^${warm[0]} · warm slot on ${warm[1]}.* · node `));
    const asJson = await run(['lookup', warm[0], '--from', 'snap.json', '--output', 'json']);
    expect(JSON.parse(asJson.out)).toMatchObject({ asked: 'address', hits: [{ kind: 'warm', id: warm[1] }] });

    const explained = await run(['explain', 'eni', warm[1], 'ipamd', '--from', 'snap.json']);
    expect(explained.out).toMatch(new RegExp(`^Where does ipamd’s view of ${warm[1]} differ from EC2’s\\?\n  \\S`));
    const node = snapshot.nodes[0]?.id.slice('node:'.length) ?? '';
    const settings = await run(['explain', 'node', node, 'settings', '--from', 'snap.json', '--output', 'json']);
    expect(JSON.parse(settings.out)).toMatchObject({
      subject: { kind: 'node', id: `node:${node}` },
      answers: [{ question: 'settings' }],
    });
    const listed = await run(['list', `eni ip:${warm[0]}`, '--from', 'snap.json', '--output', 'json']);
    expect(JSON.parse(listed.out)).toMatchObject({
      kind: 'eni',
      total: snapshot.enis.length,
      records: [{ id: warm[1] }],
    });
    const asTable = await run(['list', 'node', '--from', 'snap.json']);
    expect(asTable.out).toMatch(/^NODE +TYPE .*\n[^]*\n\n8 of 8 nodes\n$/);
    const asCsv = await run(['list', 'node', '--from', 'snap.json', '--output', 'csv']);
    expect(asCsv.out.trim().split('\r\n')).toHaveLength(9);

    await tellsWhatIf('snap.json');

    const nobody = await run(['explain', 'pod', 'no/body', '--from', 'snap.json']);
    expect(nobody).toMatchObject({ code: 1, out: '', err: 'ifscope: no such pod: no/body\n' });

    const same = await run(['diff', 'snap.json', 'snap.json', '--output', 'json']);
    expect(JSON.parse(same.out)).toMatchObject({ changes: [] });

    const checked = await run(['check', '--from', 'snap.json', '--fail-on', 'never', '--output', 'json']);
    expect(checked.code).toBe(0);
    expect(JSON.parse(checked.out)).toMatchObject({ failed: false });

    const some = await run(['check', '--from', 'snap.json', '--fail-on', 'never', '--rule', 'pool-low,subnet-low']);
    expect(some.code).toBe(0);
  });
});
