/** Values that the chart rejects, and unusual ones that it accepts. */
import { describe, expect, it } from 'vitest';
import { CHART, OIDC, render, run, valuesOf } from './helm';

describe('values that are refused', () => {
  it.each([
    ['no image', ['image.repository='], /image\/repository/],
    ['a name that is not known', ['replcas=2'], /additional properties 'replcas'/],
    ['replicas that would each collect', ['replicas=2'], /collector\/enabled/],
    ['no replica', ['replicas=0'], /replicas/],
    ['an Ingress without sign-in', ['ingress.enabled=true', 'ingress.host=a.b', 'auth.mode=none'], /auth\/mode/],
    ['an Ingress without a host', ['ingress.enabled=true'], /ingress\/host/],
    [
      'a route without sign-in',
      ['httpRoute.enabled=true', 'httpRoute.parentRefs[0].name=a', 'auth.mode=none'],
      /auth\/mode/,
    ],
    ['a route without a Gateway', ['httpRoute.enabled=true'], /httpRoute\/parentRefs/],
    ['a port of every node without sign-in', ['service.type=NodePort', 'auth.mode=none'], /auth\/mode/],
    ['a load balancer without sign-in', ['service.type=LoadBalancer', 'auth.mode=none'], /auth\/mode/],
    ['a proxy from anywhere', ['auth.mode=proxy'], /auth\/proxy\/from/],
    ['a proxy that is no address', ['auth.mode=proxy', 'auth.proxy.from={proxy.corp}'], /auth\/proxy\/from\/0/],
    ['OIDC that comes back to nowhere', OIDC.filter((set) => !set.startsWith('externalUrl')), /externalUrl/],
    ['OIDC without TLS', [...OIDC, 'externalUrl=http://a.b'], /externalUrl/],
    ['a provider without TLS', [...OIDC, 'auth.oidc.issuer=http://login.b'], /auth\/oidc\/issuer/],
    ['OIDC without a provider', [...OIDC, 'auth.oidc.issuer='], /auth\/oidc\/issuer/],
    ['OIDC without a client', [...OIDC, 'auth.oidc.clientId='], /auth\/oidc\/clientId/],
    ['a client without its secret', [...OIDC, 'auth.oidc.publicClient=false'], /auth\/oidc\/existingSecret/],
    ['a secret among the values', [...OIDC, 'auth.oidc.clientSecret=hush'], /clientSecret/],
    ['scopes without openid', [...OIDC, 'auth.oidc.scopes=email'], /auth\/oidc\/scopes/],
    ['a session longer than ended ones are kept', [...OIDC, 'auth.oidc.sessionMinutes=481'], /sessionMinutes/],
    ['rights of nobody', ['auth.rights=none'], /auth\/rights/],
    ['links to another path', ['externalUrl=https://a.b/map', 'basePath=/maps'], /its path must be that of basePath/],
    ['another way to sign in', ['auth.mode=basic'], /auth\/mode/],
    ['a path that ends with a slash', ['basePath=/map/'], /basePath/],
    ['a path that begins without one', ['basePath=map'], /basePath/],
    ['alerts without links', ['prometheusRule.enabled=true'], /externalUrl/],
    ['a dashboard without links', ['dashboard.enabled=true'], /externalUrl/],
    ['a secret in the configuration', ['config.token=hush'], /config/],
    ['a service account without a name', ['serviceAccount.create=false'], /serviceAccount\/name/],
    [
      'a budget that lets no node be drained',
      ['replicas=2', 'collector.enabled=true', 'podDisruptionBudget.minAvailable=2'],
      /podDisruptionBudget.minAvailable 2/,
    ],
    [
      'the same as a share, which Kubernetes rounds up',
      ['replicas=2', 'collector.enabled=true', 'podDisruptionBudget.minAvailable=51%'],
      /podDisruptionBudget.minAvailable 51%/,
    ],
    ['a budget that is none', ['podDisruptionBudget.minAvailable=half'], /podDisruptionBudget\/minAvailable/],
    ['a range that is none', ['auth.mode=proxy', 'auth.proxy.from={10.0.0.0/33}'], /auth\/proxy\/from\/0/],
    ['a secret that no object can be', ['auth.token.existingSecret=My_Token'], /auth\/token\/existingSecret/],
    ['a certificate that no object can be', ['ingress.tlsSecret=my/tls'], /ingress\/tlsSecret/],
    ['an API group that is not read', ['rbac.apiGroups.secrets=true'], /rbac\/apiGroups/],
    ['a digest that is none', ['image.digest=latest'], /image\/digest/],
    ['an address to listen on', ['bindAddress=127.0.0.1'], /bindAddress/],
    ['a proxy that is everybody', ['auth.mode=proxy', 'auth.proxy.from={0.0.0.0/0}'], /auth\/proxy\/from\/0/],
    ['a namespace that is none', ['rbac.namespaces={Shop}'], /rbac\/namespaces\/0/],
    ['a pause that the server would refuse', ['config.ec2PollSeconds=0'], /config\/ec2PollSeconds/],
    ['a name with its scheme', ['config.allowHost={https://a.b}'], /config\/allowHost\/0/],
    ['a setting beside what the chart checks', ['extraEnv[0].name=IFSCOPE_AUTH'], /extraEnv\/0\/name/],
    ['another port to listen on', ['extraEnv[0].name=PORT'], /extraEnv\/0\/name/],
    ['a label of its selectors', ['podLabels.app\\.kubernetes\\.io/name=map'], /app\.kubernetes\.io\/name/],
    ['the same on all objects', ['commonLabels.app\\.kubernetes\\.io/instance=map'], /app\.kubernetes\.io\/instance/],
    ['root', ['podSecurityContext.runAsUser=0'], /podSecurityContext\/runAsUser/],
    ['a rule that allows everything', ['networkPolicy.egress.extra[0]=null'], /networkPolicy\/egress\/extra\/0/],
    ['a name that no object can have', ['fullnameOverride=Map_1'], /fullnameOverride/],
    ['a tag in the repository', ['image.repository=registry.corp/ifscope:1.0'], /image\/repository/],
    ['a scheme before the repository', ['image.repository=https://registry.corp/ifscope'], /image\/repository/],
    ['a tag that is none', ['image.tag=1.0+build'], /image\/tag/],
    [
      'a role for an account that the chart does not create',
      ['serviceAccount.create=false', 'serviceAccount.name=map', 'serviceAccount.annotations.role=arn'],
      /serviceAccount\/annotations/,
    ],
    [
      'ranges for a Service that does not check them',
      ['service.loadBalancerSourceRanges={10.0.0.0/8}'],
      /service\/loadBalancerSourceRanges/,
    ],
    [
      'a class for a Service without a load balancer',
      ['service.loadBalancerClass=a.b/c'],
      /service\/loadBalancerClass/,
    ],
    ['a proxy that nobody asks', ['auth.proxy.from={10.0.0.7}'], /auth\/proxy\/from/],
    ['a provider where nobody signs in', ['auth.oidc.issuer=https://login.b'], /auth\/oidc\/issuer/],
    ['a proxy with half an address', ['auth.mode=proxy', 'auth.proxy.from={10.0.0}'], /auth\/proxy\/from\/0/],
    ['a proxy with too large a number', ['auth.mode=proxy', 'auth.proxy.from={10.0.0.300}'], /auth\/proxy\/from\/0/],
    ['a host with its scheme', ['ingress.enabled=true', 'ingress.host=https://a.b'], /ingress\/host/],
    ['a host of a route with its scheme', ['httpRoute.hostnames={https://a.b}'], /httpRoute\/hostnames\/0/],
    ['a region that is none', ['aws.region=EU West'], /aws\/region/],
    ['a label that no object can have', ['commonLabels.team=net works'], /commonLabels\/team/],
  ])('%s', (_, sets, said) => {
    const args = ['template', 'ifscope', CHART, '--values', valuesOf('default')];
    const { status, err } = run('helm', [...args, ...sets.flatMap((set) => ['--set', set])]);
    expect(status).toBe(1);
    expect(err).toMatch(said);
  });
});

describe('values that look unusual', () => {
  it.each([
    [
      'a registry with a port',
      'image.repository=registry.corp:5000/team/if_scope',
      'registry.corp:5000/team/if_scope:',
    ],
    ['an image of this machine', 'image.repository=ifscope', 'image: ifscope:'],
    ['a proxy with IPv6', 'auth.mode=proxy,auth.proxy.from={fd00::/8}', 'fd00::/8'],
    ['every host of a domain', 'ingress.enabled=true,ingress.host=*.map.corp', 'host: "*.map.corp"'],
    ['a region of a partition', 'aws.region=us-gov-west-1', 'us-gov-west-1'],
  ])('%s', (_, sets, said) => {
    expect(
      render(
        'default',
        sets.split(/,(?=\w+\.\w+=)/).flatMap((set) => ['--set', set]),
      ),
    ).toContain(said);
  });

  it('namespaces without kube-system come without the right to read the metrics of aws-node', () => {
    const proxied = (namespaces: string): boolean =>
      render('default', ['--set', `rbac.namespaces={${namespaces}}`]).includes('pods/proxy');
    expect([proxied('shop'), proxied('shop,kube-system')]).toEqual([false, true]);
  });
});
