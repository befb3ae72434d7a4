/** Where does ipamd’s view differ from EC2 and the pods? */
import type { EniRecord, NodeRecord } from '../../model/records';
import { byNaturalName } from '../../model/order';
import type { Replica } from '../../records/replica';
import { withinSentence } from '../../view/full-stop';
import { heldByPods, threeViews } from '../../view/three-views';
import { recordsOf } from '../../view/view-source';
import { fact, factOf, observed, unknown, type Evidence, type Reply } from '../shared/answer';
import { counted, enumerated, nameOf, placeOf } from '../shared/words';

type IpamdView = NonNullable<EniRecord['ipamd']>;
interface ReportedEni {
  readonly eni: EniRecord;
  readonly ipamdView: IpamdView;
}

/** From metrics alone, ipamd's addresses are unknown, so only its count is compared with what pods hold. */
function differs({ eni, ipamdView }: ReportedEni): boolean {
  return (
    !ipamdView.known ||
    [ipamdView.unheld, ipamdView.taken, ipamdView.missing, ipamdView.extra].some((ips) => ips.length > 0) ||
    (ipamdView.addresses === null && ipamdView.assigned > heldByPods(eni))
  );
}

function factsOf({ eni, ipamdView }: ReportedEni): Evidence {
  const { inEc2, inIpamd, heldByPods, differences } = threeViews(eni, ipamdView);
  const named = ipamdView.unheldBy.length === 0 ? '' : `; ipamd names ${enumerated(ipamdView.unheldBy)}`;
  const more = differences.map(([name, ips]) => `; ${withinSentence(name)}: ${ips}`).join('');
  return fact(
    eni.id,
    `${placeOf(eni)}: EC2 has ${inEc2}, ipamd has ${inIpamd}, pods hold ${heldByPods}${more}${named}`,
  );
}

interface Stray {
  readonly node: string;
  readonly text: string;
}

/** ENIs in ipamd's list that EC2 does not list on the node. */
const straysOf = (nodes: readonly NodeRecord[]): readonly Stray[] =>
  [...nodes]
    .sort((a, b) => byNaturalName(a.name, b.name))
    .flatMap((node) =>
      node.strayEnis.map(({ id, addresses, assigned }) => ({
        node: node.id,
        text: `${id} (node ${node.name}): EC2 has none, ipamd has ${counted(addresses, 'address', 'addresses')}, ${assigned} assigned`,
      })),
    );

/** How ipamd’s view of the ENIs of a subject differs from EC2 and the pods. */
export function ipamdReply({ records, indexes }: Replica, kind: 'eni' | 'node' | 'cluster', id: string): Reply {
  const enis =
    kind === 'eni'
      ? [...records.enis.values()].filter((eni) => eni.id === id)
      : kind === 'node'
        ? recordsOf(indexes.enisByNode, id, records.enis)
        : [...records.enis.values()];
  const reported = enis
    .flatMap((eni): readonly ReportedEni[] => (eni.ipamd === null ? [] : [{ eni, ipamdView: eni.ipamd }]))
    .sort((a, b) => byNaturalName(a.eni.node ?? '', b.eni.node ?? '') || byNaturalName(a.eni.id, b.eni.id));
  const where = kind === 'cluster' ? 'the cluster' : nameOf(id);
  const strays = straysOf([...records.nodes.values()].filter((node) => kind === 'cluster' || node.id === id));
  if (reported.length === 0 && strays.length === 0)
    return unknown(
      `ipamd’s view of ${where} is not known: neither its list (/v1/enis) nor its metrics of ${kind === 'eni' ? 'this ENI' : 'these ENIs'} were read.`,
    );
  const different = reported.filter(differs);
  if (different.length === 0 && strays.length === 0)
    return observed(
      `ipamd, EC2 and the pods agree on ${kind === 'eni' ? nameOf(id) : `the ${counted(reported.length, 'ENI')} of ${where} that ipamd reports`}.`,
      reported.map(factsOf),
    );
  const sum = (of: (ipamdView: IpamdView) => number): number =>
    different.reduce((all, { ipamdView }) => all + of(ipamdView), 0);
  const parts = [
    [strays.length, 'that EC2 does not have', 'ENI', 'ENIs'],
    [different.filter(({ ipamdView }) => !ipamdView.known).length, 'that it does not know', 'ENI', 'ENIs'],
    [sum(({ unheld }) => unheld.length), 'that it holds for pods that are gone', 'address', 'addresses'],
    [sum(({ taken }) => taken.length), 'that live pods hold but it considers free', 'address', 'addresses'],
    [sum(({ extra }) => extra.length), 'that EC2 does not list for pods', 'entry', 'entries'],
    [sum(({ missing }) => missing.length), 'of EC2 that it lacks', 'entry', 'entries'],
  ] as const;
  const summary = parts
    .filter(([count]) => count > 0)
    .map(([count, words, one, many]) => `${counted(count, one, many)} ${words}`);
  const about = [...new Set([...strays.map(({ node }) => node), ...different.map(({ eni }) => eni.id)])];
  const findings = about.flatMap((subject) =>
    recordsOf(indexes.findingsBySubject, subject, records.findings).filter(
      ({ rule, subjects }) => rule === 'ipamd-view-differs' && subjects[0] === subject,
    ),
  );
  return {
    sentence: `ipamd’s view of ${counted(different.length + strays.length, 'ENI')} of ${where} differs: ${summary.length === 0 ? 'it counts more addresses as assigned than pods hold' : enumerated(summary, 5)}.`,
    certainty: 'observed',
    evidence: [...strays.map(({ node, text }) => fact(node, text)), ...different.map(factsOf), ...findings.map(factOf)],
    advice: findings[0]?.advice ?? null,
    command: findings[0]?.command ?? null,
  };
}
