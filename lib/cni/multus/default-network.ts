/**
 * The annotation `v1.multus-cni.io/default-network`, which replaces the cluster network for one pod (multus §1.1). It has
 * the grammar of `networks`, but another default namespace and at most one element, and an empty text is an error.
 */
import type { NetworkSelection } from '../../model/facts';
import type { AnnotationState } from '../../model/records';
import { readSelections } from './networks';

/** Key of the annotation. */
export const DEFAULT_NETWORK_KEY = 'v1.multus-cni.io/default-network';
/** The default `multusNamespace` of the daemon config. */
const MULTUS_NAMESPACE = 'kube-system';

/** The parsed annotation; `selection` is null unless it is valid. */
export interface DefaultNetwork {
  readonly annotation: AnnotationState;
  readonly selection: NetworkSelection | null;
}

/** Parses the annotation; null text means that it is absent. A name without a namespace is in `multusNamespace`. */
export function parseDefaultNetwork(text: string | null, multusNamespace = MULTUS_NAMESPACE): DefaultNetwork {
  if (text === null) return { annotation: { state: 'absent', error: null }, selection: null };
  const invalid = (message: string): DefaultNetwork => ({
    annotation: { state: 'invalid', error: `tryLoadK8sPodDefaultNetwork: ${message}` },
    selection: null,
  });
  if (text === '') {
    return invalid(
      'failed to parse CRD object: parsePodNetworkAnnotation: pod annotation does not have "network" as key',
    );
  }
  const read = readSelections(text, multusNamespace);
  if ('error' in read) return invalid(`failed to parse CRD object: ${read.error}`);
  const [selection, ...more] = read.selections;
  if (more.length > 0) return invalid(`more than one default network is specified: ${text}`);
  // Multus crashes on element 0 of the empty list (multus §1.1), so there is no message to reproduce.
  if (selection === undefined) return invalid('the list is empty, on which Multus crashes');
  return { annotation: { state: 'valid', error: null }, selection };
}
