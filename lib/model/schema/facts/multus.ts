/** What Multus reads from a pod's annotations and writes to them. */
import { boolean, list, nullable, number, object, text } from '../shape';
import type { ValueOf } from '../shape';

export const networkSelection = object({
  index: number,
  namespace: text,
  name: text,
  /** `interface`, else the deprecated `interfaceRequest`; null if Multus chooses the name. */
  interface: nullable(text),
  ips: list(text),
  mac: nullable(text),
  defaultRoute: nullable(list(text)),
  /** `master` in cni-args, which multi-nic-cni and others use for topology. */
  masters: list(text),
  deviceId: nullable(text),
});
/** One entry of `k8s.v1.cni.cncf.io/networks`, as Multus reads it (multus §1.2, §1.3). */
export interface NetworkSelection extends ValueOf<typeof networkSelection> {}

export const networkStatusEntry = object({
  /** Position in the list. */
  index: number,
  name: text,
  interface: nullable(text),
  /** Canonical, without prefix length. */
  ips: list(text),
  /** As written, for pseudo-MACs and messages. */
  rawMac: nullable(text),
  /** Six lower-case octets, or null. */
  mac: nullable(text),
  mtu: nullable(number),
  default: boolean,
  /** Canonical addresses only. */
  gateways: list(text),
  /** A default route without a gateway was reported (`<nil>`, multus §1.5). */
  routeWithoutGateway: boolean,
  device: nullable(
    object({
      type: text,
      pciAddress: nullable(text),
      pfPciAddress: nullable(text),
    }),
  ),
});
/** One entry of `k8s.v1.cni.cncf.io/network-status`: an interface, not a network (multus §0.1). */
export interface NetworkStatusEntry extends ValueOf<typeof networkStatusEntry> {}
