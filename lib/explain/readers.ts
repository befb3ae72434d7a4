/** The functions that answer each question, by kind of subject. */
import type { Replica } from '../records/replica';
import type { Reply } from './shared/answer';
import { clashesReply } from './questions/clashes';
import { groupsOfEni, groupsOfNode } from './questions/groups';
import { holdersOfAddress, holdersOfMac, sharersOfInterface, sharersOfPod } from './questions/holders';
import { ipamdReply } from './questions/ipamd';
import { leakedReply } from './questions/leaked';
import { peersReply } from './questions/peers';
import { podAddress } from './questions/pod-address';
import { settingsReply } from './questions/settings';
import { subnetUseReply } from './questions/subnet-use';
import { trunkReply } from './questions/trunk';
import { whatIfAdvised } from './questions/what-if';
import { whereAddress, whereInterface, wherePod } from './questions/where';
import type { Subject } from './shared/subject';
import type { QuestionId } from './catalogue';

type Reader = (replica: Replica, id: string) => Reply;

/** The function that answers each question, by kind of subject. */
export const READERS: Readonly<Record<QuestionId, Readonly<Partial<Record<Subject['kind'], Reader>>>>> = {
  address: { pod: podAddress },
  room: { subnet: subnetUseReply },
  settings: { node: settingsReply },
  ipamd: {
    eni: (replica, id) => ipamdReply(replica, 'eni', id),
    node: (replica, id) => ipamdReply(replica, 'node', id),
    cluster: (replica) => ipamdReply(replica, 'cluster', ''),
  },
  leaked: { eni: leakedReply, cluster: (replica) => leakedReply(replica, null) },
  where: { pod: wherePod, interface: whereInterface, address: whereAddress },
  who: { pod: sharersOfPod, interface: sharersOfInterface, address: holdersOfAddress, mac: holdersOfMac },
  differs: { node: peersReply, cluster: (replica) => peersReply(replica, null) },
  trunk: {
    eni: (replica, id) => trunkReply(replica, 'eni', id),
    node: (replica, id) => trunkReply(replica, 'node', id),
    cluster: (replica) => trunkReply(replica, 'cluster', ''),
  },
  clashes: { network: clashesReply, cluster: (replica) => clashesReply(replica, null) },
  groups: { eni: groupsOfEni, node: groupsOfNode },
  advice: { finding: whatIfAdvised },
};
