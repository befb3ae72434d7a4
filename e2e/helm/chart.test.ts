/** The chart: what it renders, and that it grants exactly the rights that the code requires. */
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../lib/cli/program';
import { settingsOf } from '../../lib/cli/common/settings';
import { chartRules, clusterRules, PROXY_RULE, REVIEW_RULE, type PolicyRule } from '../testing/permissions';
import { asksForRights, readAuth } from '../../lib/server/http/auth-settings';
import rootPackage from '../../package.json' with { type: 'json' };
import { CASES, CHART, OIDC, objectsOf, podEnv, podOf, render, ROOT, run, valuesOf } from './helm';

const golden = (name: string): string => path.join(import.meta.dirname, '__golden__', `${name}.yaml`);
/** The chart generates new secrets each time. */
const steady = (text: string): string =>
  text.replace(/^ {2}(token|session-secret): [A-Za-z0-9+/=]{50,}$/gm, '  $1: UkFORE9N');

const settings = () => {
  const program = createProgram({
    output: { out: () => Promise.resolve(), err: () => undefined },
    end: () => undefined,
  });
  const serve = program.commands.find((command) => command.name() === 'serve');
  return serve === undefined ? [] : settingsOf(serve);
};

describe.each(CASES)('%s', (name) => {
  // `vitest run --config e2e/helm/vitest.config.ts --update` rewrites the files.
  it('renders the expected output', async () => {
    await expect(steady(render(name))).toMatchFileSnapshot(golden(name));
  });
  it('passes helm lint', () => {
    const { status, out, err } = run('helm', ['lint', '--strict', CHART, '--values', valuesOf(name)]);
    expect([status, err, out]).toEqual([0, '', out]);
  });
  it('uses namespaces and unique names', () => {
    const ids = objectsOf(render(name)).map(
      ({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const ALWAYS = ['nodes', 'pods', 'daemonsets', 'events'];
const isAlways = ({ resources }: PolicyRule): boolean => resources.some((resource) => ALWAYS.includes(resource));

describe('monitoring', () => {
  const off = ['--set', 'rbac.apiGroups.apps=false', '--set', 'rbac.apiGroups.sriovnetwork\\.openshift\\.io=false'];
  const exprs = (text: string): string[] => [...text.matchAll(/ifscope_source_state\{[^}]*\}/g)].map(([expr]) => expr);

  it('does not alert on disabled sources, and alerts on all others', () => {
    const state = 'state=~"failing|denied|stale';
    const sources = 'source!~"kubernetes/deployments|kubernetes/statefulsets"';
    const plain = (more: readonly string[]): string[] =>
      exprs(render('replicas', more).replaceAll('\\"', '"')).map((expr) => expr.replace('|behind', ''));
    expect(plain([])).toEqual([`ifscope_source_state{${state}"}`, `ifscope_source_state{${state}"}`]);
    // The same kind of the other group is still read.
    expect(plain(off)).toEqual(Array(2).fill(`ifscope_source_state{${sources},${state}"}`));
  });

  it('is allowed to reach every pod that it is configured to scrape, and nothing else', () => {
    const policies = (more: readonly string[]): object[] =>
      objectsOf(render('replicas', more)).flatMap(({ kind, spec }) => (kind === 'NetworkPolicy' ? [spec ?? {}] : []));
    const prometheus = ['--set-json', 'networkPolicy.from=[{"namespaceSelector":{}}]'];
    for (const policy of policies(prometheus))
      expect(policy).toMatchObject({
        ingress: expect.arrayContaining([
          { from: [{ namespaceSelector: {} }], ports: [{ port: 'http', protocol: 'TCP' }] },
        ]) as object,
      });
    const [, collector] = policies([...prometheus, '--set', 'serviceMonitor.enabled=false']);
    expect(JSON.stringify(collector)).not.toContain('namespaceSelector');
  });
});

describe('egress', () => {
  const rules = (...sets: readonly string[]): readonly object[] =>
    objectsOf(render('default', sets)).flatMap(({ kind, spec }) =>
      kind === 'NetworkPolicy' ? (spec as unknown as { readonly egress: readonly object[] }).egress : [],
    );
  const [dns, ports, agent] = rules();

  it('has no rule without a port or an address, which would allow all traffic', () => {
    expect(ports).toEqual({
      ports: [
        { port: 443, protocol: 'TCP' },
        { port: 6443, protocol: 'TCP' },
      ],
    });
    expect(rules('--set-json', 'networkPolicy.egress.ports=[]')).toEqual([dns, agent]);
  });
  it('includes the configured rules', () => {
    const extra = { to: [{ ipBlock: { cidr: '10.0.0.0/28' } }], ports: [{ port: 443, protocol: 'TCP' }] };
    const given = ['--set-json', `networkPolicy.egress={"ports":[],"extra":[${JSON.stringify(extra)}]}`];
    expect(rules(...given)).toEqual([dns, extra, agent]);
  });
});

describe('every object', () => {
  const sets = ['--set', 'commonLabels.team=network', '--set', 'commonAnnotations.owner=net@corp'];
  it.each(CASES)('%s: has the common labels and annotations, overridden by its own', (name) => {
    const more = ['--set', 'podLabels.team=map', '--set', 'serviceMonitor.labels.team=prometheus'];
    const isOwn = (kind: string, called: string): boolean =>
      !(name === 'least' && kind === 'ConfigMap' && called !== 'ifscope');
    for (const { kind, metadata } of objectsOf(render(name, [...sets, ...more]))) {
      if (!isOwn(kind, metadata.name)) continue;
      const team = kind === 'ServiceMonitor' ? 'prometheus' : 'network';
      expect([kind, metadata]).toMatchObject([kind, { labels: { team }, annotations: { owner: 'net@corp' } }]);
    }
  });
  it('is named after fullnameOverride', () => {
    const names = objectsOf(render('replicas', ['--set', 'fullnameOverride=map'])).map(({ metadata }) => metadata.name);
    expect(names.filter((name) => !/^map(-|$)/.test(name))).toEqual([]);
  });
  it('runs as the user assigned by the namespace, if the chart sets none', () => {
    const none = '{"runAsUser":null,"runAsGroup":null,"fsGroup":null}';
    expect(podOf(render('default', ['--set-json', `podSecurityContext=${none}`]))?.securityContext).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });
});

describe('permissions', () => {
  const rulesOf = (text: string, kind: string): readonly object[] | undefined =>
    objectsOf(text).find((object) => object.kind === kind)?.rules;

  it('equal those that the code requires', () => {
    expect(rulesOf(render('default'), 'ClusterRole')).toEqual(clusterRules());
    expect(rulesOf(render('default'), 'Role')).toEqual([PROXY_RULE]);
  });
  it('cover only the required kinds without the optional API groups', () => {
    expect(rulesOf(render('least'), 'ClusterRole')).toEqual(clusterRules().filter(isAlways));
    expect(
      clusterRules()
        .filter(isAlways)
        .map(({ resources }) => resources[0]),
    ).toEqual(ALWAYS);
    expect(rulesOf(render('least'), 'Role')).toBeUndefined();
  });
  it('are namespaced if namespaces are given, and cluster-wide only for cluster-scoped kinds', () => {
    const text = render('namespaces');
    const inAll = (namespaced: boolean): readonly object[] =>
      chartRules().flatMap(({ namespaced: is, ...rule }) => (is === namespaced ? [rule] : []));
    expect(rulesOf(text, 'ClusterRole')).toEqual(inAll(false));
    const roles = objectsOf(text).filter(({ kind, metadata }) => kind === 'Role' && metadata.name.endsWith('-read'));
    expect(roles.map(({ metadata, rules }) => [metadata.namespace, rules])).toEqual([
      ['shop', inAll(true)],
      ['kube-system', inAll(true)],
    ]);
    // Nodes and pods are always read; whoever installs the chart decides about the rest.
    expect(inAll(true)).toContainEqual({ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] });
    expect(inAll(false)).toContainEqual({ apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] });
    expect(podEnv(text, 'ifscope-collector')['IFSCOPE_NAMESPACES']).toBe('shop,kube-system');
  });
  it('have a flag for each optional API group', () => {
    const flags = (
      parse(readFileSync(path.join(CHART, 'values.yaml'), 'utf8')) as {
        readonly rbac: { readonly apiGroups: Readonly<Record<string, boolean>> };
      }
    ).rbac.apiGroups;
    const groups = new Set(clusterRules().flatMap(({ apiGroups }) => apiGroups));
    expect(new Set(Object.keys(flags))).toEqual(new Set([...groups].filter((group) => group !== '')));
    for (const group of Object.keys(flags)) {
      const rules = rulesOf(
        render('default', ['--set', `rbac.apiGroups.${group.replaceAll('.', '\\.')}=false`]),
        'ClusterRole',
      );
      expect(rules).toEqual(clusterRules().filter((rule) => isAlways(rule) || !rule.apiGroups.includes(group)));
    }
  });
  // If visitors are identified, their rights are reviewed, unless everybody may see everything.
  const named = [
    ['none', ['auth.mode=none'], false],
    ['token', ['auth.mode=token'], false],
    ['proxy', ['auth.mode=proxy', 'auth.proxy.from={10.0.0.1}'], true],
    ['oidc', OIDC, true],
  ] as const;
  const cases = named.flatMap(([mode, sets, isNamed]) =>
    ['cluster', 'all'].flatMap((rights) =>
      [false, true].map((collects) => ({ mode, sets, rights, collects, asks: isNamed && rights === 'cluster' })),
    ),
  );
  it.each(cases)('with $mode, rights $rights, collector $collects: reviews $asks', (one) => {
    const sets = [...one.sets, `auth.rights=${one.rights}`, `collector.enabled=${one.collects}`];
    const text = render(
      'default',
      sets.flatMap((set) => ['--set', set]),
    );
    expect(rulesOf(text, 'ClusterRole')).toEqual([...clusterRules(), ...(one.asks ? [REVIEW_RULE] : [])]);
    expect(text).not.toMatch(/impersonate/);
    // The server uses the rights that are granted.
    const env = podEnv(text);
    const isAsking = asksForRights(readAuth({ ...env, IFSCOPE_TOKEN: one.mode === 'none' ? '' : 'x' }));
    expect(isAsking).toBe(one.asks);
    expect(podOf(text)?.automountServiceAccountToken).toBe(!one.collects || one.asks);
  });
});

it('resolves all in-cluster callers where host names are checked', () => {
  const text = render('namespaces');
  for (const pod of ['ifscope', 'ifscope-collector']) {
    const { hosts } = readAuth({ ...podEnv(text, pod), IFSCOPE_TOKEN: 'x' });
    expect(hosts).toEqual(['[fd00::7]', pod, `${pod}.ifscope`, `${pod}.ifscope.svc`, 'map.corp']);
  }
  expect(podEnv(text)['IFSCOPE_FROM']).toBe('http://ifscope-collector.ifscope.svc');
  // Otherwise, any name will do.
  expect(podEnv(render('replicas'), 'ifscope-collector')).not.toHaveProperty('IFSCOPE_ALLOWED_HOSTS');
});

it.each([
  ['default', 'token'],
  ['oidc-public', 'session-secret'],
])('keeps the generated value: %s, %s', (name, key) => {
  expect(render(name)).toMatch(new RegExp(`^ {2}${key}: [A-Za-z0-9+/=]{56}$`, 'm'));
  expect(readFileSync(path.join(CHART, 'templates', 'access.yaml'), 'utf8')).toContain(`dig "data" "${key}"`);
});

it('covers every setting by a value of its own or an entry of config', () => {
  const schema = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8')) as {
    readonly properties: { readonly config: { readonly properties: object } };
  };
  const rendered = CASES.flatMap((name) =>
    ['ifscope', 'ifscope-collector'].flatMap((pod) => Object.keys(podEnv(render(name), pod))),
  );
  // `config` may not contain what the chart sets, because the environment takes precedence. Host names belong in both.
  const isOfChart = (variable: string): boolean => rendered.includes(variable) && variable !== 'IFSCOPE_ALLOWED_HOSTS';
  expect(Object.keys(schema.properties.config.properties).sort()).toEqual(
    settings()
      .filter(({ envVar = '' }) => !isOfChart(envVar))
      .map((setting) => setting.attributeName())
      .sort(),
  );
});

describe('the installation notes', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-notes-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  // `helm template` omits the notes, so here they are a value of an object.
  cpSync(CHART, folder, { recursive: true });
  renameSync(path.join(folder, 'templates', 'NOTES.txt'), path.join(folder, 'files', 'notes'));
  writeFileSync(path.join(folder, 'templates', 'notes.yaml'), 'notes: {{ tpl (.Files.Get "files/notes") . | toJson }}');

  it.each<[string, RegExp, RegExp | null]>([
    ['default', /port-forward service\/ifscope 3000:80\n {2}http:\/\/127\.0\.0\.1:3000\n/, /sign in/],
    ['least', /port-forward/, /token|EC2/],
    ['oidc', /^Open the map:\n\n {2}https:\/\/tools\.example\/map\n/, /port-forward/],
    ['oidc', /Register https:\/\/tools\.example\/map\/oidc\/callback/, null],
    ['replicas', /^Open the map:\n\n {2}https:\/\/ifscope\.corp\n/, /port-forward/],
    ['namespaces', /only in these namespaces: shop, kube-system\. /, null],
  ])('%s', (name, said, unsaid) => {
    const args = [
      'template',
      'ifscope',
      folder,
      '-n',
      'ifscope',
      '--values',
      valuesOf(name),
      '--show-only',
      'templates/notes.yaml',
    ];
    const { out, err } = run('helm', args);
    expect(err).toBe('');
    const { notes } = parse(out) as { readonly notes: string };
    expect(notes).toMatch(said);
    if (unsaid !== null) expect(notes).not.toMatch(unsaid);
  });
});

it('has the version of the program', () => {
  const chart = parse(readFileSync(path.join(CHART, 'Chart.yaml'), 'utf8')) as Record<string, string>;
  expect([chart['version'], chart['appVersion']]).toEqual([rootPackage.version, rootPackage.version]);
});

it('is rendered in deploy/ifscope.yaml', async () => {
  const head = `# Rendered from the chart (deploy/helm/ifscope), for installation without Helm. Do not edit.
#
#   kubectl create namespace ifscope
#   kubectl -n ifscope create secret generic ifscope-token --from-literal=token="$(openssl rand -hex 24)"
#   sed 's#registry.example/ifscope#YOUR-REGISTRY/ifscope#' deploy/ifscope.yaml | kubectl apply -f -
#
# Then, in two terminals, forward the port and print the URL of the map:
#
#   kubectl -n ifscope port-forward service/ifscope 3000:80
#   echo "http://127.0.0.1:3000/?token=$(kubectl -n ifscope get secret ifscope-token -o jsonpath='{.data.token}' | base64 -d)"
#
# To read EC2, its service account needs the permissions of deploy/iam-policy.json: through an EKS Pod Identity
# association, or through the annotation eks.amazonaws.com/role-arn (IRSA).
`;
  // Helm does not manage what kubectl applies.
  const plain = render('manifests', ['--no-hooks']).replace(
    /^ +(app\.kubernetes\.io\/managed-by|helm\.sh\/chart): .*\n/gm,
    '',
  );
  await expect(head + plain).toMatchFileSnapshot(path.join(ROOT, 'deploy', 'ifscope.yaml'));
});
