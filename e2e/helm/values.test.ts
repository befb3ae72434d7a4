/** Values that the chart rejects, and unusual ones that it accepts. */
import { describe, expect, it } from 'vitest';
import { CHART, OIDC, render, run, valuesOf } from './helm';

describe('rejected values', () => {
  it.each([
    ['no image', ['image.repository='], /image\/repository/],
    ['an unknown name', ['replcas=2'], /additional properties 'replcas'/],
    ['replicas that would each collect data', ['replicas=2'], /collector\/enabled/],
    ['zero replicas', ['replicas=0'], /replicas/],
    ['an Ingress without sign-in', ['ingress.enabled=true', 'ingress.host=a.b', 'auth.mode=none'], /auth\/mode/],
    ['an Ingress without a host', ['ingress.enabled=true'], /ingress\/host/],
    [
      'a route without sign-in',
      ['httpRoute.enabled=true', 'httpRoute.parentRefs[0].name=a', 'auth.mode=none'],
      /auth\/mode/,
    ],
    ['a route without a Gateway', ['httpRoute.enabled=true'], /httpRoute\/parentRefs/],
    ['a node port without sign-in', ['service.type=NodePort', 'auth.mode=none'], /auth\/mode/],
    ['a load balancer without sign-in', ['service.type=LoadBalancer', 'auth.mode=none'], /auth\/mode/],
    ['proxy sign-in without trusted addresses', ['auth.mode=proxy'], /auth\/proxy\/from/],
    ['an invalid proxy address', ['auth.mode=proxy', 'auth.proxy.from={proxy.corp}'], /auth\/proxy\/from\/0/],
    ['OIDC without a public URL', OIDC.filter((set) => !set.startsWith('externalUrl')), /externalUrl/],
    ['OIDC without TLS', [...OIDC, 'externalUrl=http://a.b'], /externalUrl/],
    ['a provider without TLS', [...OIDC, 'auth.oidc.issuer=http://login.b'], /auth\/oidc\/issuer/],
    ['OIDC without a provider', [...OIDC, 'auth.oidc.issuer='], /auth\/oidc\/issuer/],
    ['OIDC without a client', [...OIDC, 'auth.oidc.clientId='], /auth\/oidc\/clientId/],
    ['a client without its secret', [...OIDC, 'auth.oidc.publicClient=false'], /auth\/oidc\/existingSecret/],
    ['a secret in the values', [...OIDC, 'auth.oidc.clientSecret=hush'], /clientSecret/],
    ['scopes without openid', [...OIDC, 'auth.oidc.scopes=email'], /auth\/oidc\/scopes/],
    ['a session of more than eight hours', [...OIDC, 'auth.oidc.sessionMinutes=481'], /sessionMinutes/],
    ['an unknown permission mode', ['auth.rights=none'], /auth\/rights/],
    ['links to another path', ['externalUrl=https://a.b/map', 'basePath=/maps'], /its path must be that of basePath/],
    ['an unknown sign-in method', ['auth.mode=basic'], /auth\/mode/],
    ['a path that ends with a slash', ['basePath=/map/'], /basePath/],
    ['a path without a leading slash', ['basePath=map'], /basePath/],
    ['alerts without links', ['prometheusRule.enabled=true'], /externalUrl/],
    ['a dashboard without links', ['dashboard.enabled=true'], /externalUrl/],
    ['a secret in the configuration', ['config.token=hush'], /config/],
    ['a service account without a name', ['serviceAccount.create=false'], /serviceAccount\/name/],
    [
      'a disruption budget that allows no node to be drained',
      ['replicas=2', 'collector.enabled=true', 'podDisruptionBudget.minAvailable=2'],
      /podDisruptionBudget.minAvailable 2/,
    ],
    [
      'the same as a percentage, which Kubernetes rounds up',
      ['replicas=2', 'collector.enabled=true', 'podDisruptionBudget.minAvailable=51%'],
      /podDisruptionBudget.minAvailable 51%/,
    ],
    ['an invalid disruption budget', ['podDisruptionBudget.minAvailable=half'], /podDisruptionBudget\/minAvailable/],
    ['an invalid range', ['auth.mode=proxy', 'auth.proxy.from={10.0.0.0/33}'], /auth\/proxy\/from\/0/],
    ['an invalid Secret name', ['auth.token.existingSecret=My_Token'], /auth\/token\/existingSecret/],
    ['an invalid certificate Secret name', ['ingress.tlsSecret=my/tls'], /ingress\/tlsSecret/],
    ['an API group that ifscope does not read', ['rbac.apiGroups.secrets=true'], /rbac\/apiGroups/],
    ['an invalid digest', ['image.digest=latest'], /image\/digest/],
    ['a loopback listen address', ['bindAddress=127.0.0.1'], /bindAddress/],
    ['a proxy range of 0.0.0.0/0', ['auth.mode=proxy', 'auth.proxy.from={0.0.0.0/0}'], /auth\/proxy\/from\/0/],
    ['an invalid namespace', ['rbac.namespaces={Shop}'], /rbac\/namespaces\/0/],
    ['a polling interval that the server would reject', ['config.ec2PollSeconds=0'], /config\/ec2PollSeconds/],
    ['a name with its scheme', ['config.allowHost={https://a.b}'], /config\/allowHost\/0/],
    ['a variable in extraEnv that the chart checks', ['extraEnv[0].name=IFSCOPE_AUTH'], /extraEnv\/0\/name/],
    ['another listen port in extraEnv', ['extraEnv[0].name=PORT'], /extraEnv\/0\/name/],
    ['a pod label used by the selectors', ['podLabels.app\\.kubernetes\\.io/name=map'], /app\.kubernetes\.io\/name/],
    ['a common selector label', ['commonLabels.app\\.kubernetes\\.io/instance=map'], /app\.kubernetes\.io\/instance/],
    ['root', ['podSecurityContext.runAsUser=0'], /podSecurityContext\/runAsUser/],
    ['a rule that allows all traffic', ['networkPolicy.egress.extra[0]=null'], /networkPolicy\/egress\/extra\/0/],
    ['an invalid object name', ['fullnameOverride=Map_1'], /fullnameOverride/],
    ['a tag in the repository', ['image.repository=registry.corp/ifscope:1.0'], /image\/repository/],
    ['a scheme before the repository', ['image.repository=https://registry.corp/ifscope'], /image\/repository/],
    ['an invalid tag', ['image.tag=1.0+build'], /image\/tag/],
    [
      'a role for an account that the chart does not create',
      ['serviceAccount.create=false', 'serviceAccount.name=map', 'serviceAccount.annotations.role=arn'],
      /serviceAccount\/annotations/,
    ],
    [
      'source ranges for a Service that does not enforce them',
      ['service.loadBalancerSourceRanges={10.0.0.0/8}'],
      /service\/loadBalancerSourceRanges/,
    ],
    [
      'a class for a Service without a load balancer',
      ['service.loadBalancerClass=a.b/c'],
      /service\/loadBalancerClass/,
    ],
    ['proxy addresses without proxy sign-in', ['auth.proxy.from={10.0.0.7}'], /auth\/proxy\/from/],
    ['an identity provider without sign-in', ['auth.oidc.issuer=https://login.b'], /auth\/oidc\/issuer/],
    ['a proxy with half an address', ['auth.mode=proxy', 'auth.proxy.from={10.0.0}'], /auth\/proxy\/from\/0/],
    ['a proxy with too large a number', ['auth.mode=proxy', 'auth.proxy.from={10.0.0.300}'], /auth\/proxy\/from\/0/],
    ['a host with its scheme', ['ingress.enabled=true', 'ingress.host=https://a.b'], /ingress\/host/],
    ['a host of a route with its scheme', ['httpRoute.hostnames={https://a.b}'], /httpRoute\/hostnames\/0/],
    ['an invalid region', ['aws.region=EU West'], /aws\/region/],
    ['an invalid label', ['commonLabels.team=net works'], /commonLabels\/team/],
  ])('%s', (_, sets, said) => {
    const args = ['template', 'ifscope', CHART, '--values', valuesOf('default')];
    const { status, err } = run('helm', [...args, ...sets.flatMap((set) => ['--set', set])]);
    expect(status).toBe(1);
    expect(err).toMatch(said);
  });
});

describe('unusual but valid values', () => {
  it.each([
    [
      'a registry with a port',
      'image.repository=registry.corp:5000/team/if_scope',
      'registry.corp:5000/team/if_scope:',
    ],
    ['a local image', 'image.repository=ifscope', 'image: ifscope:'],
    ['a proxy with IPv6', 'auth.mode=proxy,auth.proxy.from={fd00::/8}', 'fd00::/8'],
    ['a wildcard host', 'ingress.enabled=true,ingress.host=*.map.corp', 'host: "*.map.corp"'],
    ['a region of another partition', 'aws.region=us-gov-west-1', 'us-gov-west-1'],
  ])('%s', (_, sets, said) => {
    expect(
      render(
        'default',
        sets.split(/,(?=\w+\.\w+=)/).flatMap((set) => ['--set', set]),
      ),
    ).toContain(said);
  });

  it('namespaces without kube-system omit the permission to read aws-node metrics', () => {
    const proxied = (namespaces: string): boolean =>
      render('default', ['--set', `rbac.namespaces={${namespaces}}`]).includes('pods/proxy');
    expect([proxied('shop'), proxied('shop,kube-system')]).toEqual([false, true]);
  });
});
