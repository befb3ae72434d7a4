/**
 * Finds instances to read from EC2 soon because a change on them needs EC2's data: a node whose ENIs are not known, a
 * pod address that no known ENI holds.
 *
 * Each cause reports its instance only once; what EC2's answer does not explain waits for the next sweep.
 */
import type { Batch } from '../../model/observation';
import { nodeId, podId } from '../../model/ids';
import type { InterfaceRecord } from '../../model/records';
import type { Replica } from '../../records/replica';

/** Call `after` once per batch; causes already reported are remembered. */
export class InstancesToDescribe {
  readonly #replica: Replica;
  /** Ids of nodes and interfaces whose instance has been reported. */
  readonly #named = new Set<string>();
  /**
   * Ids of interfaces with an address whose ENI is not known. After a full read these are a small part of all
   * interfaces.
   */
  readonly #unexplained = new Set<string>();

  constructor(replica: Replica) {
    this.#replica = replica;
    replica.onChange((table, id, _, after) => {
      if (table === 'interfaces') this.#note(id, after as InterfaceRecord | undefined);
    });
    for (const [id, row] of replica.records.interfaces) this.#note(id, row);
  }

  /** Ids of instances to read; call after the batch was applied to the replica. */
  after(batch: Batch): ReadonlySet<string> {
    const { indexes } = this.#replica;
    const found = new Set<string>();
    for (const observation of batch.observations) {
      if (observation.op === 'upsert' && observation.kind === 'node')
        this.#addNode(nodeId(observation.fact.name), found);
      if (observation.op === 'upsert' && observation.kind === 'pod') {
        const pod = podId(observation.fact.namespace, observation.fact.name);
        for (const id of indexes.interfacesByPod.get(pod) ?? []) this.#addInterface(id, found);
      }
      // After a full read, whatever it does not explain is newer than the read.
      if (observation.op === 'replaceAll' && observation.kind === 'eni')
        for (const id of this.#unexplained) this.#addInterface(id, found);
    }
    return found;
  }

  #note(id: string, row: InterfaceRecord | undefined): void {
    if (row?.addresses.some(({ backed }) => backed === 'unknown') === true) this.#unexplained.add(id);
    else if (this.#unexplained.delete(id)) this.#named.delete(id);
  }

  #addNode(id: string, found: Set<string>): void {
    if (this.#replica.indexes.enisByNode.has(id)) this.#named.delete(id);
    else this.#add(id, id, found);
  }

  #addInterface(id: string, found: Set<string>): void {
    if (this.#unexplained.has(id)) this.#add(id, this.#replica.records.interfaces.get(id)?.node ?? null, found);
  }

  #add(cause: string, node: string | null, found: Set<string>): void {
    const instance = this.#replica.records.nodes.get(node ?? '')?.instanceId ?? null;
    if (instance === null || this.#named.has(cause)) return;
    this.#named.add(cause);
    found.add(instance);
  }
}
