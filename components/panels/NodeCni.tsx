import { CNI_NUMBERS, CNI_SWITCHES, variablesIn } from '../../lib/model/cni-variables';
import type { NodeRecord } from '../../lib/model/records';
import { agentFacts } from '../../lib/view/record-facts';
import { Fact, Facts, NamedFacts, RecordLink, Section, YesNo } from './parts';

/** The settings with their names: aws-node's variables; words for the two whose variables are negated. */
const SETTINGS = [
  ...variablesIn(CNI_NUMBERS),
  ...variablesIn(CNI_SWITCHES),
  ['leakedEniCleanup', 'leaked ENI cleanup'],
  ['networkResourceProvisioning', 'network resource provisioning'],
] as const;

/** Settings that matter only with security groups for pods. */
const POD_ENI_SETTINGS = [
  ['strictPodEni', 'strict security groups for pods'],
  ['earlyDemuxOff', 'DISABLE_TCP_EARLY_DEMUX'],
] as const;

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
        <NamedFacts facts={agentFacts(node)} />
        {node.newEniSubnets !== null && (
          <Fact name="New ENIs in">
            {node.newEniSubnets.length === 0
              ? 'no subnet'
              : node.newEniSubnets.map((subnet) => (
                  <div key={subnet}>
                    <RecordLink id={subnet} />
                  </div>
                ))}
          </Fact>
        )}
        {node.eniConfig !== null && (
          <Fact name="ENIConfig">
            {`${node.eniConfig.name ?? 'no name'}${node.eniConfigSource === null ? '' : `, by ${node.eniConfigSource}`}${node.eniConfig.found === false ? '; it does not exist' : ''}`}
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
          {[...SETTINGS, ...(cni.podEni === true ? POD_ENI_SETTINGS : [])]
            .map(([field, name]) => [name, cni[field]] as const)
            .filter(([, value]) => value !== null)
            .map(([name, value]) => (
              <tr key={name} className="border-b border-line last:border-b-0">
                <th scope="row" className="py-1 pr-2 text-left font-mono font-normal wrap-anywhere text-text2">
                  {name}
                </th>
                <td className="py-1 text-right">{typeof value === 'boolean' ? <YesNo value={value} /> : value}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {(cni.ignored.length > 0 || cni.unresolved.length > 0) && (
        <ul className="mt-2 text-12 text-text2">
          {cni.unresolved.map((name) => (
            <li key={name}>{name} refers to a ConfigMap, a Secret or another variable: its value is not known.</li>
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
