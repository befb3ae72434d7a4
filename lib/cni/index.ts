/**
 * Every CNI plugin type that ifscope can read, one line each; `registry.ts` reads this list. Any other type is `unknown`
 * and never dropped.
 */
export { awsCni } from './plugins/aws-cni';
export { bandwidth } from './plugins/bandwidth';
export { bond } from './plugins/bond';
export { bridge } from './plugins/bridge';
export { calico } from './plugins/calico';
export { cilium } from './plugins/cilium';
export { dummy } from './plugins/dummy';
export { firewall } from './plugins/firewall';
export { flannel } from './plugins/flannel';
export { hostDevice } from './plugins/host-device';
export { ibSriov } from './plugins/ib-sriov';
export { ipvlan } from './plugins/ipvlan';
export { kubeOvn } from './plugins/kube-ovn';
export { loopback } from './plugins/loopback';
export { macvlan } from './plugins/macvlan';
export { ovnKubernetes } from './plugins/ovn-k8s-cni-overlay';
export { ovs } from './plugins/ovs';
export { passthru } from './plugins/passthru';
export { portmap } from './plugins/portmap';
export { ptp } from './plugins/ptp';
export { rdma } from './plugins/rdma';
export { routeOverride } from './plugins/route-override';
export { sbr } from './plugins/sbr';
export { sriov } from './plugins/sriov';
export { tap } from './plugins/tap';
export { tuning } from './plugins/tuning';
export { userspace } from './plugins/userspace';
export { vlan } from './plugins/vlan';
export { vrf } from './plugins/vrf';
export { weave } from './plugins/weave';
