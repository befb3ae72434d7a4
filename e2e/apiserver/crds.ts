/**
 * CustomResourceDefinitions for the tests, written from the facts that ifscope relies on (vpc-cni §6–7, multus §2.1, §4);
 * schemas as loose as the real ones are where ifscope reads.
 */

interface CrdShape {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

const crd = ({ group, version, kind, plural, scope }: CrdShape) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope,
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

/** spec.config is a plain string: the API accepts invalid JSON (multus §2.1). */
export const NAD = {
  ...crd({
    group: 'k8s.cni.cncf.io',
    version: 'v1',
    kind: 'NetworkAttachmentDefinition',
    plural: 'network-attachment-definitions',
    scope: 'Namespaced',
  }),
  spec: {
    group: 'k8s.cni.cncf.io',
    scope: 'Namespaced',
    names: {
      kind: 'NetworkAttachmentDefinition',
      plural: 'network-attachment-definitions',
      singular: 'network-attachment-definition',
      listKind: 'NetworkAttachmentDefinitionList',
      shortNames: ['net-attach-def'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { config: { type: 'string' } } } },
          },
        },
      },
    ],
  },
};

export const WHEREABOUTS_POOL = crd({
  group: 'whereabouts.cni.cncf.io',
  version: 'v1alpha1',
  kind: 'IPPool',
  plural: 'ippools',
  scope: 'Namespaced',
});
export const WHEREABOUTS_RESERVATION = crd({
  group: 'whereabouts.cni.cncf.io',
  version: 'v1alpha1',
  kind: 'OverlappingRangeIPReservation',
  plural: 'overlappingrangeipreservations',
  scope: 'Namespaced',
});
export const CNI_NODE = crd({
  group: 'vpcresources.k8s.aws',
  version: 'v1alpha1',
  kind: 'CNINode',
  plural: 'cninodes',
  scope: 'Cluster',
});
export const SECURITY_GROUP_POLICY = crd({
  group: 'vpcresources.k8s.aws',
  version: 'v1beta1',
  kind: 'SecurityGroupPolicy',
  plural: 'securitygrouppolicies',
  scope: 'Namespaced',
});
export const MULTI_NETWORK_POLICY = crd({
  group: 'k8s.cni.cncf.io',
  version: 'v1beta1',
  kind: 'MultiNetworkPolicy',
  plural: 'multi-networkpolicies',
  scope: 'Namespaced',
});
/** A Rollout of Argo: its template is a Deployment's. */
export const ROLLOUT = crd({
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind: 'Rollout',
  plural: 'rollouts',
  scope: 'Namespaced',
});
/** As loose as the real one: KubeVirt checks its machines itself. */
export const VIRTUAL_MACHINE = crd({
  group: 'kubevirt.io',
  version: 'v1',
  kind: 'VirtualMachine',
  plural: 'virtualmachines',
  scope: 'Namespaced',
});
