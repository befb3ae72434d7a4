/** IDs of the sources whose state decides what may be concluded. */
import { FACT_SOURCES } from '../../model/facts';

export const {
  pod: PODS,
  node: NODES,
  nad: NADS,
  daemonSet: DAEMON_SETS,
  eniConfig: ENI_CONFIGS,
  cniNode: CNI_NODES,
  whereaboutsReservation: RESERVATIONS,
  eni: ENIS,
} = FACT_SOURCES;
