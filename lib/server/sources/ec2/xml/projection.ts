/**
 * Parses the two large answers, network interfaces and instances, without building the AWS SDK's objects. Two entries
 * in the client's middleware stack: the inner one takes the list out of the answer's bytes, a few milliseconds at a
 * time; the SDK parses the rest, so that it still handles errors, retries, page tokens and request ids; the outer one
 * assigns the list to the SDK's output. An answer that the reader cannot parse is passed to the SDK whole.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EniFact, InstanceFact } from '../../../../model/facts';
import { releaseBytes } from '../../../../model/release-bytes';
import { normaliseReservation } from '../../../../normalise/ec2/instance';
import { normaliseEni } from '../../../../normalise/ec2/network-interface';
import { bodyOf, isAnswer } from './body';
import { ListReader, type ListPage } from './list-reader';
import { XmlError } from './scanner';
import { NETWORK_INTERFACE, RESERVATION } from './shapes';

/** The data kept of an element of `Reservations`. */
export interface ReservationRead {
  readonly instances: readonly InstanceFact[];
  /** VPCs of the instances and of their interfaces, which may differ. */
  readonly vpcs: readonly string[];
}

/** How long parsing runs before other work gets a turn, in milliseconds. */
const SLICE_MS = 5;

/** Reads an element of `Reservations`. */
export function readReservation(raw: unknown): ReservationRead {
  const instances = normaliseReservation(raw);
  const { Instances = [] } = raw as { readonly Instances?: readonly VpcOfInstance[] };
  const vpcs = Instances.flatMap(({ VpcId, NetworkInterfaces = [] }) =>
    [VpcId, ...NetworkInterfaces.map((each) => each.VpcId)].filter((vpc) => typeof vpc === 'string' && vpc !== ''),
  );
  return { instances, vpcs: [...new Set(vpcs as string[])] };
}

interface VpcOfInstance {
  readonly VpcId?: unknown;
  readonly NetworkInterfaces?: readonly { readonly VpcId?: unknown }[];
}

/** The readers of one client's answers. */
export class Projection {
  readonly #interfaces = new ListReader({
    element: 'networkInterfaceSet',
    item: NETWORK_INTERFACE,
    make: normaliseEni,
  });
  readonly #reservations = new ListReader({ element: 'reservationSet', item: RESERVATION, make: readReservation });
  /** By the SDK's output. */
  readonly #interfacesIn = new WeakMap<object, readonly (EniFact | null)[]>();
  readonly #reservationsIn = new WeakMap<object, readonly ReservationRead[]>();

  /** Installs the middleware in the client; it is active until the signal is aborted. */
  install(client: EC2Client, signal: AbortSignal): void {
    this.#project(client, signal, 'DescribeNetworkInterfaces', {
      reader: this.#interfaces,
      key: 'NetworkInterfaces',
      readIn: this.#interfacesIn,
    });
    this.#project(client, signal, 'DescribeInstances', {
      reader: this.#reservations,
      key: 'Reservations',
      readIn: this.#reservationsIn,
    });
  }

  interfacesOf(page: { readonly NetworkInterfaces?: readonly unknown[] | undefined }): EniFact[] {
    const found = this.#interfacesIn.get(page) ?? (page.NetworkInterfaces ?? []).map(normaliseEni);
    return found.filter((eni) => eni !== null);
  }

  reservationsOf(page: { readonly Reservations?: readonly unknown[] | undefined }): readonly ReservationRead[] {
    return this.#reservationsIn.get(page) ?? (page.Reservations ?? []).map(readReservation);
  }

  /** Call after all interfaces have been read: forgets the others. */
  interfacesSwept(): void {
    this.#interfaces.forgetUnseen();
  }

  instancesSwept(): void {
    this.#reservations.forgetUnseen();
  }

  #project<T>(client: EC2Client, signal: AbortSignal, action: string, { reader, key, readIn }: Projected<T>): void {
    const isMeant = (context: object): boolean =>
      (context as { readonly commandName?: string }).commandName === `${action}Command`;
    const pages = new WeakMap<object, ListPage<T>>();
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const result = await next(args);
        if (!isMeant(context) || !isAnswer(result.response)) return result;
        const bytes = await bodyOf(result.response);
        const page = await inSlices(reader.read(bytes), signal);
        if (page === null) {
          result.response.body = bytes;
          return result;
        }
        pages.set(result.response, page);
        result.response.body = page.rest;
        releaseBytes(bytes);
        return result;
      },
      { step: 'deserialize', priority: 'low', name: `ifscopeReads${action}` },
    );
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { response, output } = result;
        const page = isAnswer(response) ? pages.get(response) : undefined;
        if (page === undefined || output === undefined) return result;
        readIn.set(output, page.values);
        Object.assign(output, { [key]: page.raw });
        return result;
      },
      { step: 'deserialize', priority: 'high', name: `ifscopeNotes${action}` },
    );
  }
}

interface Projected<T> {
  readonly reader: ListReader<T>;
  /** The SDK's name of the list. */
  readonly key: string;
  readonly readIn: WeakMap<object, readonly T[]>;
}

/** Runs the steps, with a pause for other work every few milliseconds. Null: the document could not be parsed. */
async function inSlices<T>(steps: Generator<undefined, T>, signal: AbortSignal): Promise<T | null> {
  let pauseAt = performance.now() + SLICE_MS;
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      if (performance.now() < pauseAt) continue;
      await nextTurn();
      signal.throwIfAborted();
      pauseAt = performance.now() + SLICE_MS;
    }
  } catch (error) {
    if (error instanceof XmlError) return null;
    throw error;
  }
}
