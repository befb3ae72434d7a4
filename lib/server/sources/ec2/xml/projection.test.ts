/** The projection compared with the AWS SDK's own parsing of the same bytes. */
import { Readable } from 'node:stream';
import { DescribeInstancesCommand, DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findScene } from '../../../../../e2e/scenes/index';
import { interfacePage } from '../../../../../e2e/testing/ec2-page';
import { createManualClock } from '../../../../../e2e/testing/sim/manual-clock';
import { startSim } from '../../../../sim/sim';
import { createEc2Client } from '../client';
import { Projection, readReservation, type ReservationRead } from './projection';
import { normaliseEni } from '../../../../normalise/ec2/network-interface';
import type { EniFact } from '../../../../model/facts';

interface Answer {
  readonly statusCode: number;
  readonly body: string | Uint8Array;
}

/** A client that gets these answers, one per request, then the last one repeatedly. */
function clientOf(answers: readonly Answer[], maxAttempts = 1): EC2Client & { readonly asked: () => number } {
  let asked = 0;
  const client = new EC2Client({
    region: 'eu-west-1',
    endpoint: 'http://ec2.invalid',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts,
    requestHandler: {
      handle: () => {
        const { statusCode, body } = answers[Math.min(asked++, answers.length - 1)] ?? { statusCode: 500, body: '' };
        const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
        return Promise.resolve({ response: { statusCode, headers: {}, body: Readable.from(chunked(bytes)) } });
      },
    } as never,
  });
  return Object.assign(client, { asked: () => asked });
}

async function* chunked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 65_536)
    yield await Promise.resolve(bytes.subarray(from, from + 65_536));
}

function projected(client: EC2Client): Projection {
  const projection = new Projection();
  projection.install(client, new AbortController().signal);
  return projection;
}

const ok = (body: string | Uint8Array): Answer => ({ statusCode: 200, body });
const ask = new DescribeNetworkInterfacesCommand({});

/** The facts from the projection, and from the normaliser on the SDK's objects. */
async function both(body: string | Uint8Array): Promise<readonly [projected: unknown, sdk: unknown]> {
  const own = clientOf([ok(body)]);
  const projection = projected(own);
  const facts = projection.interfacesOf(await own.send(ask));
  const sdk = (await clientOf([ok(body)]).send(ask)).NetworkInterfaces ?? [];
  return [facts, sdk.map(normaliseEni).filter((eni) => eni !== null)];
}

const documentOf = (items: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId><networkInterfaceSet>${items}</networkInterfaceSet><nextToken>more</nextToken></DescribeNetworkInterfacesResponse>`;

describe('gives the same result as the SDK', () => {
  it.each(['modes', 'p5', 'prefix', 'telco', 'troubles'])('for the simulated cluster %s', async (name) => {
    const sim = await startSim({ scene: findScene(name), clock: createManualClock() });
    const options = {
      region: sim.region,
      endpoint: sim.ec2Url,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    };
    const [own, sdk] = [createEc2Client(options), createEc2Client(options)];
    try {
      const projection = projected(own);
      const enis: EniFact[] = projection.interfacesOf(await own.send(ask));
      expect(enis.length).toBe(sim.state.ec2.enis.size);
      expect(enis).toEqual((await sdk.send(ask)).NetworkInterfaces?.map(normaliseEni));
      const describeAll = new DescribeInstancesCommand({});
      const found: readonly ReservationRead[] = projection.reservationsOf(await own.send(describeAll));
      expect(found.length).toBe(sim.state.ec2.instances.size);
      expect(found).toEqual((await sdk.send(describeAll)).Reservations?.map(readReservation));
    } finally {
      own.destroy();
      sdk.destroy();
      await sim.stop();
    }
  });

  it('for a page in EC2’s own format', async () => {
    const [facts, sdk] = await both(interfacePage(0, 20, 30));
    expect(facts).toEqual(sdk);
    expect(facts).toHaveLength(20);
  });

  it.each<[what: string, items: string]>([
    ['no items', ''],
    ['an item without an id', '<item><status>in-use</status></item>'],
    ['an empty item', '<item/>'],
    [
      'an item in an item',
      '<item><networkInterfaceId>eni-1</networkInterfaceId><item><networkInterfaceId>eni-2</networkInterfaceId></item></item>',
    ],
    [
      'empty lists and objects',
      '<item><networkInterfaceId>eni-1</networkInterfaceId><groupSet/><tagSet></tagSet><privateIpAddressesSet/><attachment/></item>',
    ],
    [
      'a tag with markup',
      '<item><networkInterfaceId>eni-1</networkInterfaceId><tagSet><item><key>a&lt;/key&gt;</key><value>&lt;item&gt;&amp;amp;<![CDATA[</tagSet>]]></value></item></tagSet></item>',
    ],
    [
      'tags named after Object.prototype',
      '<item><networkInterfaceId>eni-1</networkInterfaceId><tagSet><item><key>constructor</key><value>x</value></item><item><key>toString</key><value/></item></tagSet></item>',
    ],
    [
      'fields that EC2 does not have yet',
      '<item><operator><managed>true</managed><item><networkInterfaceId>eni-9</networkInterfaceId></item></operator><networkInterfaceId>eni-1</networkInterfaceId></item>',
    ],
    [
      'two interfaces alike',
      '<item><networkInterfaceId>eni-1</networkInterfaceId></item><item><networkInterfaceId>eni-1</networkInterfaceId><status>in-use</status></item>',
    ],
  ])('for %s', async (_what, items) => {
    const [facts, sdk] = await both(documentOf(items));
    expect(facts).toEqual(sdk);
  });

  it('for interfaces of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyInterface, { maxLength: 4 }), async (items) => {
        const [facts, sdk] = await both(documentOf(items.join('\n')));
        expect(facts).toEqual(sdk);
      }),
      { numRuns: 400, seed: 12 },
    );
  });
});

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
const anyText = fc.oneof(
  fc.string({ maxLength: 12 }).map(escaped),
  fc.string({ unit: 'grapheme', maxLength: 6 }).map(escaped),
  fc.constantFrom(
    '10.0.0.5',
    'fd00::1',
    '10.0.0.16/28',
    'eni-1',
    'true',
    'x<!-- y -->z',
    '<![CDATA[<&>]]>',
    '\n  ',
    'a\r\nb',
  ),
);
const leafOf = (...names: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...names), fc.option(anyText))
    .map(([name, text]) => (text === null ? `<${name}/>` : `<${name}>${text}</${name}>`));
const distinct = (children: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .uniqueArray(children, { maxLength: 8, selector: (child) => /^<(\w+)/.exec(child)?.[1] })
    .chain((parts) => fc.constantFrom('', '\n    ').map((between) => parts.join(between)));
const listOf = (name: string, ...leaves: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(distinct(leafOf(...leaves, 'unknown')))
    .map((items) => `<${name}>${items.map((item) => `<item>${item}</item>`).join('')}</${name}>`);
const numbered = fc
  .tuple(fc.constantFrom('deviceIndex', 'networkCardIndex'), fc.nat(20))
  .map(([name, value]) => `<${name}>${value}</${name}>`);
const anyInterface = distinct(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        '<networkInterfaceId>eni-1</networkInterfaceId>',
        '<networkInterfaceId>eni-2</networkInterfaceId>',
      ),
    },
    {
      weight: 6,
      arbitrary: leafOf(
        'interfaceType',
        'status',
        'macAddress',
        'ownerId',
        'vpcId',
        'subnetId',
        'description',
        'privateIpAddress',
        'sourceDestCheck',
        'unknown',
      ),
    },
    listOf('privateIpAddressesSet', 'privateIpAddress', 'primary', 'privateDnsName'),
    listOf('tagSet', 'key', 'value'),
    listOf('groupSet', 'groupId', 'groupName'),
    listOf('ipv4PrefixSet', 'ipv4Prefix'),
    listOf('ipv6AddressesSet', 'ipv6Address'),
    listOf('ipv6PrefixSet', 'ipv6Prefix'),
    listOf('unknownSet', 'networkInterfaceId', 'status'),
    distinct(
      fc.oneof(
        leafOf('attachmentId', 'instanceId', 'status', 'deleteOnTermination'),
        numbered,
        fc.constant('<attachTime>2026-08-31T11:00:00.120Z</attachTime>'),
      ),
    ).map((children) => `<attachment>${children}</attachment>`),
  ),
).map((children) => `<item>${children}</item>`);

describe('through the SDK', () => {
  it('leaves page tokens and request ids to the SDK', async () => {
    const client = clientOf([ok(documentOf('<item><networkInterfaceId>eni-1</networkInterfaceId></item>'))]);
    const projection = projected(client);
    const page = await client.send(ask);
    expect(page.NextToken).toBe('more');
    expect(page.$metadata.httpStatusCode).toBe(200);
    expect(projection.interfacesOf(page)).toHaveLength(1);
    // For the recorder of answers.
    expect(page.NetworkInterfaces).toEqual([{ NetworkInterfaceId: 'eni-1' }]);
  });

  it('reports the code of errors, and retries when throttled', async () => {
    const error =
      '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slowly</Message></Error></Errors><RequestID>r</RequestID></Response>';
    const refused = clientOf([{ statusCode: 503, body: error }]);
    projected(refused);
    await expect(refused.send(ask)).rejects.toMatchObject({ name: 'RequestLimitExceeded', message: 'slowly' });
    const retried = clientOf([{ statusCode: 503, body: error }, ok(documentOf(''))], 2);
    const projection = projected(retried);
    expect(projection.interfacesOf(await retried.send(ask))).toEqual([]);
    expect(retried.asked()).toBe(2);
  });

  it.each([
    ['a truncated response', documentOf('<item><networkInterfaceId>eni-1</networkInterfaceId></item>').slice(0, -90)],
    ['text', 'Bad Gateway'],
    ['the page of a proxy', '<html><body><br></body></html>'],
  ])('%s fails in the same way as without the projection', async (_what, body) => {
    const own = clientOf([ok(body)]);
    projected(own);
    const without = await clientOf([ok(body)])
      .send(ask)
      .catch((error: unknown) => error);
    expect(without).toBeInstanceOf(Error);
    await expect(own.send(ask)).rejects.toThrow((without as Error).message);
  });

  it.each([
    ['no list', '<DescribeNetworkInterfacesResponse><requestId>r</requestId></DescribeNetworkInterfacesResponse>'],
    ['an empty list', '<DescribeNetworkInterfacesResponse><networkInterfaceSet/></DescribeNetworkInterfacesResponse>'],
    [
      'a DOCTYPE',
      `<!DOCTYPE x>${documentOf('<item><networkInterfaceId>eni-1</networkInterfaceId></item>').split('\n')[1] ?? ''}`,
    ],
    ['nothing', ''],
  ])('%s is read as by the SDK', async (_what, body) => {
    const [facts, sdk] = await both(body);
    expect(facts).toEqual(sdk);
  });
});

describe('an unchanged interface', () => {
  const one = (id: string, status: string): string =>
    `<item><networkInterfaceId>${id}</networkInterfaceId><status>${status}</status></item>`;

  it('is the same fact until one of its bytes changes', async () => {
    const first = documentOf(one('eni-1', 'in-use') + one('eni-2', 'in-use'));
    const second = documentOf(one('eni-2', 'in-usE') + one('eni-1', 'in-use'));
    const client = clientOf([ok(first), ok(first), ok(second)]);
    const projection = projected(client);
    const [a, b] = projection.interfacesOf(await client.send(ask));
    expect(projection.interfacesOf(await client.send(ask))).toEqual([a, b]);
    const page = await client.send(ask);
    const [changed, same] = projection.interfacesOf(page);
    expect(same).toBe(a);
    expect(changed).toEqual({ ...b, status: 'in-usE' });
    expect(page.NetworkInterfaces).toEqual([{ NetworkInterfaceId: 'eni-2', Status: 'in-usE' }]);
  });

  it('is remembered from one sweep to the next, and no longer', async () => {
    const [with1, with2] = ['eni-1', 'eni-2'].map((id) => ok(documentOf(one(id, 'in-use'))));
    if (with1 === undefined || with2 === undefined) throw new Error('no answers');
    const client = clientOf([with1, with1, with2, with1]);
    const projection = projected(client);
    const next = async (): Promise<EniFact | undefined> => {
      const [eni] = projection.interfacesOf(await client.send(ask));
      projection.interfacesSwept();
      return eni;
    };
    const first = await next();
    expect(await next()).toBe(first);
    await next();
    const later = await next();
    expect(later).toEqual(first);
    expect(later).not.toBe(first);
  });

  it('is found even if its XML does not begin with its id, or begins like another', async () => {
    const items = ['eni-1', 'eni-2']
      .map((id) => `<item><ownerId>1</ownerId><networkInterfaceId>${id}</networkInterfaceId></item>`)
      .join('');
    const client = clientOf([ok(documentOf(items))]);
    const projection = projected(client);
    const first = projection.interfacesOf(await client.send(ask));
    expect(projection.interfacesOf(await client.send(ask))).toEqual(first);
    expect(first.map(({ id }) => id)).toEqual(['eni-1', 'eni-2']);
  });
});

it('yields to other work while it reads a large page', async () => {
  const client = clientOf([ok(interfacePage(0, 2_000, 30))]);
  const projection = projected(client);
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const facts = projection.interfacesOf(await client.send(ask));
  isOver = true;
  expect(facts).toHaveLength(2_000);
  expect(turns).toBeGreaterThan(10);
});
