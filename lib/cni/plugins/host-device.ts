import { canonicalPci } from '../multus/device-info';
import { readMac, reading, type MainPlugin, type PluginReading } from '../base/plugin';
import type { ConfigReader } from '../base/reader';

/** Moves a host NIC into the pod, by `device`, `hwaddr`, `kernelpath` or `pciBusID`, which a device plugin's ID replaces (multus §2.2). */
export const hostDevice: MainPlugin = {
  kind: 'main',
  type: 'host-device',
  fields: {
    device: 'string',
    hwaddr: 'string',
    DPDKMode: 'bool',
    kernelpath: 'string',
    pciBusID: 'string',
    runtimeConfig: { deviceID: 'string' },
  },
  read(config, { resourceName }) {
    const target = readTarget(config, resourceName);
    if (resourceName !== null && target.parent.kind !== 'resource' && target.parent.kind !== 'unknown') {
      config.warn(
        `the device that ${resourceName} hands out is not used: "device", "hwaddr" and "kernelpath" take precedence`,
      );
    }
    return reading({
      parent: target.parent,
      certainty: target.certainty,
      evidence: target.evidence,
      semantics: {
        leavesNodeOnEni: true,
        macPolicy: 'parent',
        onePodPerDevice: target.parent.kind !== 'resource',
      },
      description: `host device ${target.words}, moved whole into the pod`,
    });
  },
};

type Target = Pick<PluginReading, 'parent' | 'certainty' | 'evidence'> & { readonly words: string };

function readTarget(config: ConfigReader, resourceName: string | null): Target {
  const device = config.text('device');
  if (device !== null) {
    return {
      parent: { kind: 'host-device', value: device },
      certainty: 'observed',
      evidence: `the config names ${device}; which NIC that is differs per node`,
      words: device,
    };
  }
  const hwaddr = config.text('hwaddr');
  if (hwaddr !== null) {
    const mac = readMac(config, 'hwaddr');
    return {
      parent: { kind: 'hwaddr', value: mac ?? hwaddr },
      certainty: mac === null ? 'unknown' : 'observed',
      evidence: 'the config names the MAC, which exists on one node only',
      words: `with MAC ${mac ?? hwaddr}`,
    };
  }
  const path = config.text('kernelpath');
  if (path !== null) {
    if (!path.startsWith('/sys/devices/')) {
      config.error(`kernel device path "${path.slice(0, 128)}" must be absolute and begin with /sys/devices/`);
    }
    // The last PCI address in a sysfs path is the device, those before are its bridges.
    const pci = path
      .slice(0, 1024)
      .split('/')
      .flatMap((step) => canonicalPci(step) ?? [])
      .at(-1);
    return {
      parent: pci === undefined ? { kind: 'unknown', value: path } : { kind: 'pci', value: pci },
      certainty: pci === undefined ? 'unknown' : 'inferred',
      evidence: 'the config names a path under /sys/devices',
      words: `at ${path}`,
    };
  }
  if (resourceName !== null) {
    return {
      parent: { kind: 'resource', value: resourceName },
      certainty: 'observed',
      evidence: `the device plugin of ${resourceName} chooses the device for each pod`,
      words: `from ${resourceName}`,
    };
  }
  const pciBusId = config.text('pciBusID');
  if (pciBusId !== null) {
    const pci = canonicalPci(pciBusId);
    if (pci === null) config.warn(`"pciBusID" does not look like a PCI address: ${pciBusId.slice(0, 64)}`);
    return {
      parent: { kind: 'pci', value: pci ?? pciBusId },
      certainty: 'observed',
      evidence: `the config names ${pci ?? pciBusId}; EC2 does not say which ENI sits there`,
      words: `at PCI ${pci ?? pciBusId}`,
    };
  }
  config.error('specify either "device", "hwaddr", "kernelpath" or "pciBusID"');
  return {
    parent: { kind: 'unknown', value: null },
    certainty: 'unknown',
    evidence: 'the config names no device',
    words: '(not named)',
  };
}
