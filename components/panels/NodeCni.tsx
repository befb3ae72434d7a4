'use client';
import type { CniConfig, NodeRecord } from '../../lib/model/records';
import { Fact, Facts, Section, YesNo } from './parts';

/** The settings by the names of aws-node's variables; the last two are switched off by `DISABLE_…`. */
const SETTINGS: readonly (readonly [string, (cni: CniConfig) => number | boolean | null])[] = [
  ['WARM_ENI_TARGET', (cni) => cni.warmEniTarget],
  ['WARM_IP_TARGET', (cni) => cni.warmIpTarget],
  ['MINIMUM_IP_TARGET', (cni) => cni.minimumIpTarget],
  ['WARM_PREFIX_TARGET', (cni) => cni.warmPrefixTarget],
  ['MAX_ENI', (cni) => cni.maxEni],
  ['IP_COOLDOWN_PERIOD', (cni) => cni.cooldownSeconds],
  ['ENABLE_PREFIX_DELEGATION', (cni) => cni.prefixDelegation],
  ['ENABLE_MULTI_NIC', (cni) => cni.multiNic],
  ['ENABLE_POD_ENI', (cni) => cni.podEni],
  ['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG', (cni) => cni.customNetworking],
  ['MANAGE_UNTAGGED_ENI', (cni) => cni.manageUntagged],
  ['ENABLE_IMDS_ONLY_MODE', (cni) => cni.imdsOnly],
  ['AWS_MANAGE_ENIS_NON_SCHEDULABLE', (cni) => cni.manageNonSchedulable],
  ['leaked ENI cleanup', (cni) => cni.leakedEniCleanup],
  ['network resource provisioning', (cni) => cni.networkResourceProvisioning],
];

/** Version, mode and settings of the VPC CNI on a node. */
export function NodeCni({ node }: { readonly node: NodeRecord }) {
  const { cni } = node;
  if (cni === null)
    return (
      <Section title="VPC CNI">
        <p className="text-12 text-text2">No aws-node pod was seen on this node.</p>
      </Section>
    );
  const ready = node.ipamd?.ready ?? null;
  return (
    <Section title="VPC CNI">
      <Facts>
        <Fact name="Version">{node.ipamd?.version ?? cni.version}</Fact>
        <Fact name="Mode">{cni.mode}</Fact>
        <Fact name="ipamd">{ready === null ? null : ready ? 'ready' : 'not ready'}</Fact>
        {node.eniConfig !== null && (
          <Fact name="ENIConfig">
            {`${node.eniConfig.name ?? 'no name'}${node.eniConfig.found === false ? ', which does not exist' : ''}`}
          </Fact>
        )}
        {node.eniConfigProblems.length > 0 && (
          <Fact name="ENIConfig problems">{node.eniConfigProblems.join('; ')}</Fact>
        )}
        {node.cniNode.found !== null && (
          <Fact name="CNINode">
            {node.cniNode.features === null
              ? 'does not exist'
              : node.cniNode.features.length === 0
                ? 'no features'
                : node.cniNode.features.join(', ')}
          </Fact>
        )}
      </Facts>
      <table className="mt-1 w-full text-12">
        <tbody>
          {SETTINGS.filter(([, read]) => read(cni) !== null).map(([name, read]) => (
            <tr key={name} className="border-b border-line last:border-b-0">
              <th scope="row" className="py-1 pr-2 text-left font-mono font-normal wrap-anywhere text-text2">
                {name}
              </th>
              <td className="py-1 text-right">
                {typeof read(cni) === 'boolean' ? <YesNo value={read(cni) === true} /> : read(cni)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {(cni.ignored.length > 0 || cni.unresolved.length > 0) && (
        <ul className="mt-2 text-12 text-text2">
          {cni.unresolved.map((name) => (
            <li key={name}>{name} comes from a ConfigMap or a Secret: its value is not known.</li>
          ))}
          {cni.ignored.map(({ name, value, reason }) => (
            <li key={name}>
              {name}={value} has no effect: {reason}.
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
