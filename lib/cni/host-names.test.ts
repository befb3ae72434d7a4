import { describe, expect, it } from 'vitest';
import { hostNamesOf, osFamily, readHostName } from './host-names';
import { readLinkName } from './base/link-name';

const AL2 = 'Amazon Linux 2';
const AL2023 = 'Amazon Linux 2023.5.20240624';
const BOTTLEROCKET = 'Bottlerocket OS 1.20.0 (aws-k8s-1.29)';
const UBUNTU = 'Ubuntu 22.04.4 LTS';

describe('osFamily', () => {
  it.each([
    [AL2, 'al2'],
    ['Amazon Linux 2 (Karoo)', 'al2'],
    [AL2023, 'al2023'],
    [BOTTLEROCKET, 'bottlerocket'],
    ['Bottlerocket (EKS Auto) 2025.1.1', 'bottlerocket'],
    [UBUNTU, 'ubuntu'],
    ['Windows Server 2022 Datacenter', 'windows'],
    ['Flatcar Container Linux', 'other'],
    ['Amazon Linux 20', 'other'],
    [null, 'other'],
  ])('%s is %s', (image, family) => expect(osFamily(image)).toBe(family));
});

describe('readHostName (multus §3.4–3.5)', () => {
  it.each([
    // name, OS, instance type → device, grade, suspicious
    ['eth1', AL2, 'm5.large', 1, 'medium', false],
    ['eth0', BOTTLEROCKET, 'm5.large', 0, 'medium', false],
    ['eth1', AL2023, 'm5.large', null, 'none', true],
    ['eth1', UBUNTU, 'm5.large', null, 'none', true],
    ['eth1', 'Flatcar', 'm5.large', null, 'none', false],
    ['eth1', null, null, null, 'none', false],
    ['ens5', AL2023, 'm5.large', 0, 'low', false],
    ['ens6', AL2023, 'c6gn.4xlarge', 1, 'low', false],
    ['ens7', UBUNTU, 'r7i.large', 2, 'low', false],
    ['ens4', AL2023, 'm5.large', null, 'none', false],
    ['ens6', AL2023, 'm5.metal', null, 'none', false],
    // For Graviton 4, eighth-generation Intel and Xen, only the primary's name is known.
    ['ens34', AL2023, 'm8g.large', 0, 'low', false],
    ['ens6', AL2023, 'm8g.large', null, 'none', false],
    ['enp39s0', AL2023, 'c8i.large', 0, 'low', false],
    ['enp40s0', AL2023, 'c8i.large', null, 'none', false],
    ['enX0', AL2023, 'm4.large', 0, 'low', false],
    ['ens6', AL2023, 'p5.48xlarge', null, 'none', false],
    ['ens6', AL2023, null, null, 'none', false],
    ['ens6', BOTTLEROCKET, 'm5.large', null, 'none', true],
    ['ens6', AL2, 'm5.large', null, 'none', true],
    ['device-number-2', AL2023, 'm5.large', 2, 'strong', true],
    ['eth1.50', AL2, 'm5.large', 1, 'low', false],
    ['eth1.50', AL2023, 'm5.large', null, 'none', true],
    ['bond0', AL2, 'm5.large', null, 'none', false],
    ['br-ex', AL2, 'm5.large', null, 'none', false],
    ['net0', AL2, 'm5.large', null, 'none', false],
  ])('%s on %s, %s: device %s, %s, suspicious %s', (name, osImage, instanceType, device, grade, suspicious) => {
    const reading = readHostName(name, { osImage, instanceType });
    expect(reading.deviceIndex).toBe(device);
    expect(reading.card).toBe(device === null ? null : 0);
    expect(reading.grade).toBe(grade);
    expect(reading.suspicious !== null).toBe(suspicious);
    expect(reading.evidence).not.toBe('');
  });

  it('is less certain of a name when several cards share the numbering', () => {
    expect(readHostName('eth1', { osImage: AL2, instanceType: 'p4d.24xlarge', cards: 4 }).grade).toBe('low');
    expect(readHostName('ens6', { osImage: AL2023, instanceType: 'm6i.32xlarge', cards: 2 }).grade).toBe('none');
  });

  it('reads the card and the ENI from names that contain them', () => {
    expect(readHostName('device-number-1.3', { osImage: AL2023, instanceType: null })).toMatchObject({
      deviceIndex: 1,
      card: 3,
    });
    expect(readHostName('eni-0123456789abcdef0', { osImage: AL2023, instanceType: null })).toMatchObject({
      eni: 'eni-0123456789abcdef0',
      deviceIndex: null,
      grade: 'strong',
    });
  });

  it('explains why a name is unexpected', () => {
    expect(readHostName('eth1', { osImage: AL2023, instanceType: 'm5.large' }).suspicious).toBe(
      `eth1 does not exist on ${AL2023} unless it was started with net.ifnames=0`,
    );
  });
});

describe('hostNamesOf', () => {
  it.each([
    [1, 0, AL2, 'm5.large', ['eth1']],
    [1, 0, AL2023, 'm5.large', ['ens6']],
    [0, 0, AL2023, 'm8g.large', ['ens34']],
    [1, 0, AL2023, 'm8g.large', []],
    [1, 1, AL2, 'p5.48xlarge', []],
  ])('device %i of card %i on %s, %s: %j', (device, card, osImage, instanceType, names) => {
    expect(hostNamesOf(device, card, { osImage, instanceType }).map(({ name }) => name)).toEqual(names);
  });
});

describe('readLinkName (§2.2)', () => {
  it.each([
    ['eth0', 'nic', null, null],
    ['enp39s0', 'nic', null, null],
    ['eth0.50', 'vlan', 'eth0', 50],
    ['bond0.100', 'vlan', 'bond0', 100],
    ['ens33:1', 'alias', 'ens33', null],
    ['bond0', 'virtual', null, null],
    ['br-ex', 'virtual', null, null],
    ['vlan1', 'virtual', null, null],
    ['device-number-0.1', 'altname', null, null],
    ['storage', 'other', null, null],
    ['a.b', 'other', null, null],
  ])('%s is %s', (name, kind, base, vlan) => {
    expect(readLinkName(name)).toEqual({ name, kind, base, vlan });
  });
});
