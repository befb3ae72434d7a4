/** What a batch makes worth deriving again. The node is the unit; what belongs to no node is a unit of its own. */
export class Dirty {
  /** Node names, of nodes that are there and of ghosts. */
  readonly nodes = new Set<string>();
  /** ENI ids: derived on their own where no node has them. */
  readonly enis = new Set<string>();
  /** Keys of pods that no node has. */
  readonly pods = new Set<string>();
  /** `namespace/name` of NADs that are there or only referred to. */
  readonly networks = new Set<string>();
  readonly subnets = new Set<string>();
  /** Keys of whereabouts pools. */
  readonly pools = new Set<string>();
  /** Record ids whose signals may have changed. */
  readonly subjects = new Set<string>();
  readonly sources = new Set<string>();
  /** Namespaces whose policies changed: every pod in them is looked at again. */
  readonly namespaces = new Set<string>();
  cluster = false;
  /** EC2 was asked again: what was not judged yet may be. */
  ec2AskedAgain = false;
  /** Pods were listed anew: which freed addresses cool is not known for a while, on any node. */
  relisted = false;
  /** Pods were watched for longer: on some nodes it may be known now. */
  watchedOn = false;
  /** Pods that no node has, all of them. */
  allLonePods = false;
  allNodes = false;
  allSubnets = false;
  allPools = false;
  allSignals = false;
}
