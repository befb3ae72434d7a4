/**
 * Sign-in below a path, end to end: a real identity provider, a proxy that keeps or strips the path, `ifscope serve`,
 * and a real API server that decides what the signed-in visitor may see.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewList } from '../testing/permissions';
import { follow } from '../follower';
import { serve, type Served } from '../server';
import {
  cookieHeader,
  cookiesOf,
  startIdentityProvider,
  throughProvider,
  type IdentityProvider,
} from '../testing/servers/identity-provider';
import { startPathProxy, type PathProxy } from '../testing/servers/path-proxy';
import { ControlPlane } from './control-plane';
import { clusterRole, clusterRoleBinding } from './rights';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PATH = '/tools/map';
const plane = new ControlPlane();

beforeAll(async () => {
  await plane.start();
  await plane.must('POST', `${RBAC}/clusterroles`, clusterRole());
  await plane.must('POST', `${RBAC}/clusterrolebindings`, clusterRoleBinding);
  for (const item of (reviewList() as { readonly items: readonly { readonly kind: string }[] }).items)
    await plane.must('POST', `${RBAC}/${item.kind.toLowerCase()}s`, item);
  for (const name of ['shop', 'bank']) {
    await plane.must('POST', '/api/v1/namespaces', { metadata: { name } });
    await plane.must('POST', `/api/v1/namespaces/${name}/pods`, {
      metadata: { name: `${name}-0` },
      spec: { nodeName: 'ip-10-0-1-9', containers: [{ name: 'main', image: 'example.com/app:1' }] },
    });
  }
  await plane.must('POST', `${RBAC}/clusterroles`, {
    metadata: { name: 'lists-pods' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
  });
  // The API server would prefix the provider's names with `oidc:`.
  await plane.must('POST', `${RBAC}/namespaces/shop/rolebindings`, {
    metadata: { name: 'shop-team' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'lists-pods' },
    subjects: [{ kind: 'Group', name: 'oidc:shop-team', apiGroup: 'rbac.authorization.k8s.io' }],
  });
}, 240_000);
afterAll(() => plane.dispose());

describe.each([
  ['passed on', false],
  ['stripped', true],
])('behind a proxy, with a base path that is %s', (_, strips) => {
  let provider: IdentityProvider;
  let proxied: PathProxy;
  let served: Served;
  const get = (address: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(address, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });

  beforeAll(async () => {
    proxied = await startPathProxy(PATH, strips, () => new URL(served.url).port);
    provider = await startIdentityProvider(proxied.url);
    provider.claims = { groups: ['shop-team'] };
    const settings = {
      '--from': 'real',
      '--auth': 'oidc',
      '--base-path': PATH,
      '--url': proxied.url,
      '--oidc-issuer': provider.issuer,
      '--oidc-client-id': 'ifscope',
      '--oidc-user-prefix': 'oidc:',
      '--oidc-groups-prefix': 'oidc:',
    };
    served = await serve(Object.entries(settings).flat(), {
      KUBECONFIG: plane.kubeconfig(),
      IFSCOPE_EC2: 'off',
      IFSCOPE_OIDC_CLIENT_SECRET: 'hush',
    });
  }, 240_000);
  afterAll(async () => {
    await served.stop();
    proxied.stop();
    provider.stop();
  });

  it('a visitor signs in at the provider, returns to the requested page, sees only permitted pods, and signs out', async () => {
    expect((await get(`${proxied.url}/api/topology`)).status).toBe(401);
    const away = await get(`${proxied.url}/?view=interfaces`);
    expect(away.status).toBe(303);
    const back = await throughProvider(away.headers.get('location') ?? '', proxied.url);
    expect(back.startsWith(`${proxied.url}/oidc/callback?`)).toBe(true);
    const home = await get(back, { cookie: cookieHeader(cookiesOf(away)) });
    expect(new URL(home.headers.get('location') ?? '', proxied.url).href).toBe(`${proxied.url}/?view=interfaces`);
    const set = [...away.headers.getSetCookie(), ...home.headers.getSetCookie()];
    expect(set.length).toBeGreaterThan(2);
    for (const line of set) expect(line).toContain(`; Path=${PATH};`);
    const { ifscope_session: session = '' } = cookiesOf(home);
    const cookie = cookieHeader({ ifscope_session: session });

    const page = await get(`${proxied.url}/?view=interfaces`, { cookie });
    expect(page.status).toBe(200);
    const named = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, address]) => address ?? '');
    expect(named.length).toBeGreaterThan(5);
    for (const address of new Set(named))
      expect([address, (await get(new URL(address, proxied.url).href, { cookie })).status]).toEqual([address, 200]);

    const follower = await follow(proxied.url, { cookie });
    await follower.until('the pod of the shop', ({ records }) => records.pods.has('pod:shop/shop-0'));
    await follower.until('the count of others', ({ records }) =>
      records.sources.get('ifscope/rights')?.reason?.startsWith('1 pod you may not see'),
    );
    expect([...follower.replica.records.pods.keys()]).toEqual(['pod:shop/shop-0']);
    follower.stop();

    const gone = await fetch(`${proxied.url}/oidc/logout`, {
      method: 'POST',
      headers: { cookie, origin: new URL(proxied.url).origin },
      redirect: 'manual',
    });
    expect(gone.status).toBe(200);
    expect(gone.headers.getSetCookie()).toEqual([
      expect.stringMatching(new RegExp(`^ifscope_session=; Path=${PATH};.*Max-Age=0`)),
    ]);
    expect(proxied.outside).toEqual([]);
  });
});
