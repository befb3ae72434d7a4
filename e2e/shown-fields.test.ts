/** Every field of a record is shown on the page, or has a reason for not being shown. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
/** The code that shows records. */
const FOLDERS = ['components/controls', 'components/panels', 'components/pages', 'lib/view', 'lib/layout/scene'];
/** Names the settings of the VPC CNI, all of which a node's panel lists. */
const SETTINGS = 'lib/model/cni-variables.ts';

/** Why a field is not shown, by field, or by a prefix of several fields that ends with a dot. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  'ipPools.orphanReservations': 'orphans has the same addresses with details',
  'networkCards.maxEnis': 'the limit in eniSlots is the same',
  'networks.faults': 'problems has the same texts',
  'networks.semantics': 'described in a sentence',
  'networks.semantics.': 'described in a sentence',
  'nodes.devicePools.generation': 'the number of outdated slices is shown',
  'nodes.devicePools.pcieRoots': 'shown with each claimed device',
  'nodes.ipamdEnis': 'addresses for lookup; ENIs that EC2 lacks are in strayEnis',
  'nodes.limits.maxBranchEnis': 'the limit in branch is the same',
  'nodes.limits.trunkCompatible': 'branch is null without it',
  'nodes.metrics.': 'shown as pools and addresses',
  'nodes.multus.installedAt': 'only decides whether a pod can have a network-status',
  'pods.claims.deviceClasses': 'shown as the networks of its interfaces',
  'pods.claims.devices.deviceClass': 'shown as the network of its interface',
  'pods.claims.devices.hostLink': 'shown as the host NIC of its interface',
  'pods.claims.devices.tolerates': 'only decides whether a taint matters',
  'pods.requested.defaultRoute': 'the gateways that the pod reports are shown',
  'pods.uid': 'the browser does not receive it',
  'subnets.others.requester': 'shown as the service that it belongs to',
  'subnets.reservedPrefixes': 'the reservations themselves are shown',
};

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}
const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schema/topology-v1.json'), 'utf8')) as Schema & {
  readonly $defs: Readonly<Record<string, Schema>>;
};

function fieldsOf(of: Schema, path: string): readonly string[] {
  const target = of.$ref === undefined ? of : schema.$defs[of.$ref.slice(of.$ref.lastIndexOf('/') + 1)];
  const { anyOf = [], items, properties = {} } = target ?? {};
  return [
    ...[...anyOf, ...(items === undefined ? [] : [items])].flatMap((one) => fieldsOf(one, path)),
    ...Object.entries(properties).flatMap(([name, one]) => [`${path}.${name}`, ...fieldsOf(one, `${path}.${name}`)]),
  ];
}

const source = [
  readFileSync(join(ROOT, SETTINGS), 'utf8'),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
      .map(({ name }) => readFileSync(join(ROOT, folder, name), 'utf8')),
  ),
].join('\n');

test('every field of a record is shown, or has a reason for not being shown', () => {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([table, one]) => fieldsOf(one, table));
  const hidden = fields.filter((field) => !new RegExp(`\\b${field.slice(field.lastIndexOf('.') + 1)}\\b`).test(source));
  const reasonOf = (field: string): string => (field in NOT_SHOWN ? field : field.slice(0, field.lastIndexOf('.') + 1));
  expect([...new Set(hidden.map(reasonOf))].sort()).toEqual(Object.keys(NOT_SHOWN).sort());
});
