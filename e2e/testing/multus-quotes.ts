/**
 * How each version of Multus quotes a plugin's failure, as in the kubelet's events. The network is `lan` of
 * `shop/web-0`.
 */
const OF_NETWORK = '[shop/web-0/8a1c:lan]: error adding container to network "lan"';

/** The thin plugin. */
export const thin = (text: string): string =>
  `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0f1": plugin type="multus" name="multus-cni-network" failed (add): ${OF_NETWORK}: ${text}`;

/** The daemon, through its shim. */
export const thick = (text: string): string =>
  `Failed to create pod sandbox: plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: 'ContainerID:"0f1" ERRORED: error configuring pod [shop/web-0] networking: ${OF_NETWORK}: ${text}\n': StdinData: {"name":"multus-cni-network","type":"multus-shim"}`;

/** Multus 3. */
export const old = (text: string): string =>
  `NetworkPlugin cni failed to set up pod "web-0_shop" network: Multus: Err adding pod to network "lan": Multus: error in invoke Delegate add - "x": ${text}`;
