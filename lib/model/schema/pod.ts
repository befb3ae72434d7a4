import { added, boolean, list, map, nullable, number, numberAmong, object, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import {
  ANNOTATION_STATES,
  BACKINGS,
  CERTAINTIES,
  CLAIM_STATES,
  DEVICE_KINDS,
  INTERFACE_STATES,
  LINK_RULES,
} from './vocabulary';

export const annotation = object({
  /** Whether the annotation is present and valid. */
  state: word(ANNOTATION_STATES),
  /** The error message of Multus (or of ifscope's parser); null unless the state is `invalid`. */
  error: nullable(text),
});
/** The state of an annotation. */
export interface AnnotationState extends ValueOf<typeof annotation> {}

const requestedNetwork = object({
  /** Position in the annotation's list, from 0. */
  index: number,
  /** Network record id. */
  network: text,
  /** Requested interface name; null if Multus chooses it. */
  interface: nullable(text),
  /** Requested addresses. */
  ips: list(text),
  /** Requested MAC, as written. */
  mac: nullable(text),
  /** Gateways of `default-route`; null if the key is absent, empty if the list is empty. */
  defaultRoute: nullable(list(text)),
});
/** One entry of the annotation `k8s.v1.cni.cncf.io/networks`. */
export interface RequestedNetwork extends ValueOf<typeof requestedNetwork> {}

const securityGroupPolicy = object({
  /** metadata.name of the SecurityGroupPolicy. */
  name: text,
  /** The security groups that it assigns. */
  securityGroups: list(text),
  /** `inferred`: the selectors match. `unknown`: the match depends on something that is not read. */
  certainty: word(CERTAINTIES),
  /** What the match depends on, as `labels of service account NAME`; null if on nothing else. */
  dependsOn: nullable(text),
});

const podDevice = object({
  /** The claim's request that it satisfies. */
  request: text,
  /** The request's DeviceClass; null if the claim does not name it. */
  deviceClass: nullable(text),
  /** For example `dra.net`. */
  driver: text,
  /** The driver's device pool, usually one per node. */
  pool: text,
  /** Its name in the pool. */
  device: text,
  /** Whether it has a network link. */
  kind: word(DEVICE_KINDS),
  /** Its condition Ready; null while the driver has not reported it. */
  ready: nullable(boolean),
  /** Reason and message of a condition that is not True. */
  reason: nullable(text),
  /** networkData: the interface as the driver configured it; null if it reports none. */
  reported: nullable(
    object({
      /** Name inside the pod. */
      name: nullable(text),
      /** Canonical, without prefix length. */
      ips: list(text),
      /** Six lower-case octets. */
      mac: nullable(text),
    }),
  ),
  /** Whether the newest generation of its pool lists it; null while slices of this driver are not read. */
  listed: nullable(boolean),
  /** For example `0000:00:06.0`. */
  pciAddress: nullable(text),
  /** Its PCIe root complex. */
  pcieRoot: nullable(text),
  /** The name of its link on the host, while the driver lists the link there; null while a pod has it, and if not known. */
  hostLink: added(nullable(text), null),
  /** Whether the claim has access to a device that may belong to another claim, for monitoring. */
  adminAccess: added(boolean, false),
  /** Whether the claim tolerates taints of the device. */
  tolerates: added(boolean, false),
  /** Record id of the pod interface that it provides; null if it provides none. */
  interface: nullable(text),
});
/** A device that a pod has through a claim. */
export interface PodDevice extends ValueOf<typeof podDevice> {}

const podClaim = object({
  /** Its name inside the pod. */
  name: text,
  /** metadata.name of the ResourceClaim; null while none exists. */
  claim: nullable(text),
  /** The ResourceClaimTemplate that it is created from; null for a claim that exists independently of the pod. */
  template: nullable(text),
  /** Whether devices are allocated. */
  state: word(CLAIM_STATES),
  /** Number of pods that the claim is reserved for; null while not known. */
  pods: nullable(number),
  /** DeviceClasses that it requests. */
  deviceClasses: list(text),
  /** The allocated devices. */
  devices: list(podDevice),
});
/** A ResourceClaim of a pod (resource.k8s.io). */
export interface PodClaimRecord extends ValueOf<typeof podClaim> {}

export const podFailure = object({
  /** status.reason: `Evicted`, `OutOfpods`, `UnexpectedAdmissionError`, `NodeAffinity` … */
  reason: text,
  /** status.message, shortened; empty if absent. */
  message: text,
});

export const podSandbox = object({
  /** Whether the sandbox exists and its network is set up. */
  ready: boolean,
  /** The reason if not, since Kubernetes 1.36: `no pod sandbox exists`; empty otherwise. */
  message: text,
});

export const pod = record(
  {
    /** `pod:NAMESPACE/NAME` */
    id: text,
    /** metadata.namespace */
    namespace: text,
    /** metadata.name */
    name: text,
    /** metadata.uid; empty in the browser, which does not receive it. */
    uid: added(text, ''),
    /** Node record id; null while not scheduled. */
    node: nullable(text),
    /** status.phase */
    phase: text,
    /** Why the pod as a whole failed (status.reason); null for most pods. */
    failure: added(nullable(podFailure), null),
    /** Condition PodReadyToStartContainers of a pod that is Pending and has no address; null if there is none. */
    sandbox: added(nullable(podSandbox), null),
    /** spec.hostNetwork: the pod uses its node's address and has no interface record. */
    hostNetwork: boolean,
    /** metadata.creationTimestamp */
    createdAt: nullable(time),
    /** status.startTime */
    startedAt: nullable(time),
    /** metadata.deletionTimestamp is set. */
    deleting: boolean,
    /** The controlling owner; null for a pod without one. */
    owner: nullable(
      object({
        /** For example `ReplicaSet`, `DaemonSet`. */
        kind: text,
        /** metadata.name of the owner. */
        name: text,
      }),
    ),
    /**
     * metadata.labels by name, without those that controllers write to distinguish pods or revisions (`pod-template-hash`
     * …); at most 64. Null if the file does not include labels.
     */
    labels: added(nullable(map(text)), null),
    /** status.podIPs, canonical. */
    ips: list(text),
    /** The annotation `k8s.amazonaws.com/nicConfig`; null without it. */
    nicConfig: nullable(text),
    /** Ids of the branch ENIs in the annotation `vpc.amazonaws.com/pod-eni`; null without it. */
    podEni: nullable(list(text)),
    /** `k8s.v1.cni.cncf.io/networks` */
    networksAnnotation: annotation,
    /** `k8s.v1.cni.cncf.io/network-status` */
    statusAnnotation: added(annotation, { state: 'absent', error: null }),
    /** The networks that the pod requests, in the annotation's order. */
    requested: list(requestedNetwork),
    /** Extended resources that the pod requests, as the scheduler counts them, by resource name. */
    resources: map(number),
    /** Its ResourceClaims, in the order of spec.resourceClaims. */
    claims: list(podClaim),
    /** NetworkPolicies and MultiNetworkPolicies that select this pod, as `NetworkPolicy/NAME`, `MultiNetworkPolicy/NAME`. */
    policies: list(text),
    /**
     * SecurityGroupPolicies that select this pod in its current state, by name; the controller evaluates them only when the
     * pod is created. Null while the kind cannot be read.
     */
    securityGroupPolicies: nullable(list(securityGroupPolicy)),
    /** What could not be read, in words. */
    problems: list(text),
  },
  { indexes: { podsByNode: 'node', podsByRequestedNetwork: 'requested.network' } },
);
/** A pod, whatever its phase. */
export interface PodRecord extends ValueOf<typeof pod> {}

const interfaceAddress = object({
  /** Canonical, without prefix length. */
  ip: text,
  /** IP version. */
  family: numberAmong([4, 6]),
  /** What has the address. */
  backed: word(BACKINGS),
  /** The ENI that holds it; null unless `backed` is `eni`. */
  eni: nullable(text),
});
/** An address of a pod interface. */
export interface InterfaceAddress extends ValueOf<typeof interfaceAddress> {}

const link = object({
  /** The rule that identified the ENI. */
  rule: word(LINK_RULES),
  /** How certain that is. */
  certainty: word(CERTAINTIES),
  /** One sentence with the facts. */
  evidence: added(text, ''),
  /** ENI ids (or host NIC ids) that remain possible or that contradict each other. */
  candidates: list(text),
});
/** How an interface's ENI was determined. */
export interface Link extends ValueOf<typeof link> {}

export const podInterface = record(
  {
    /** `if:NAMESPACE/POD/NAME`. Without a name, `~N` with the position in network-status; for a repeated name, `NAME~2`. */
    id: text,
    /** Pod record id. */
    pod: text,
    /** Node record id; null while the pod is not scheduled. */
    node: nullable(text),
    /** Name inside the pod, for example `eth0`; null if not reported. */
    name: nullable(text),
    /** Network record id; `cluster` for the cluster network, `class:NAME` for a device of that DeviceClass. */
    network: text,
    /** Canonical, without prefix length. */
    ips: list(text),
    /** The same addresses, each with what has it. */
    addresses: list(interfaceAddress),
    /** Six lower-case octets; null if not reported. */
    mac: nullable(text),
    /** In bytes; null if not reported. */
    mtu: nullable(number),
    /** Whether it is the pod's default interface. */
    default: boolean,
    /** Whether it was requested, reported, or both. */
    state: word(INTERFACE_STATES),
    /** The ENI that its traffic uses; null if not known, or if there is none. */
    eni: nullable(text),
    /** Network card index of that ENI. */
    card: nullable(number),
    /** Host NIC record id of its parent. */
    hostNic: nullable(text),
    /** device-info of network-status; null if absent. */
    device: nullable(
      object({
        /** `pci`, `vhost-user`, `memif` or `vdpa`. */
        type: text,
        /** For example `0000:00:06.0`; null for devices without a PCI address. */
        pciAddress: nullable(text),
      }),
    ),
    /** The claimed device that provides it, even if Multus configures it; null for all other interfaces. */
    claim: nullable(
      object({
        /** metadata.name of the ResourceClaim, in the pod's namespace. */
        name: text,
        /** Its driver. */
        driver: text,
        /** Its name in the driver's pool. */
        device: text,
        /** Whether it has a network link and thus an address. */
        kind: word(DEVICE_KINDS),
        /** Whether the pod has the host's link itself rather than a part of it: an ENI behind it belongs to the pod alone. */
        whole: boolean,
        /** Number of pods that the claim is reserved for; if more than one, they share the device. */
        pods: number,
        /** Its RDMA device on the node, for example `rdmap0s30`; null if it has none, or its driver does not say. */
        rdmaDevice: added(nullable(text), null),
      }),
    ),
    /** Position in the annotation's list of the request that this interface satisfies; null if it was not requested. */
    requestIndex: nullable(number),
    /** Gateways of reported default routes, canonical. */
    gateways: list(text),
    /** Whether its network's config was written after the pod's sandbox was made: the interface has an earlier config (multus §0.8). */
    formerConfig: added(boolean, false),
    /** How the ENI was determined. */
    link,
  },
  {
    indexes: {
      interfacesByNode: 'node',
      interfacesByPod: 'pod',
      interfacesByNetwork: 'network',
      interfacesByEni: 'eni',
      ownersByMac: 'mac',
      ownersByIp: 'ips',
    },
  },
);
/** An interface of a pod that runs or is about to run; pods on the host network have none. */
export interface InterfaceRecord extends ValueOf<typeof podInterface> {}
