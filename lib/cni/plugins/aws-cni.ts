import { reading, type MainPlugin } from '../base/plugin';

/** The Amazon VPC CNI: as the cluster's own network only. Asked for as an extra one it fails (vpc-cni #596). */
export const awsCni: MainPlugin = {
  kind: 'main',
  type: 'aws-cni',
  fields: {
    vethPrefix: 'string',
    mtu: 'string',
    podSGEnforcingMode: 'string',
    pluginLogFile: 'string',
    pluginLogLevel: 'string',
  },
  read(config) {
    // Its `mtu` is text: "9001".
    const written = config.get('mtu');
    const mtu = typeof written === 'string' && /^\d{3,5}$/.test(written) ? Number(written) : null;
    config.warn(
      'the VPC CNI works as the cluster network only; as an extra network it fails with "failed to add default route: file exists"',
    );
    return reading({
      parent: { kind: 'none', value: null },
      evidence: 'the VPC CNI chooses the ENI for each pod',
      mtu,
      semantics: { leavesNodeOnEni: true, macPolicy: 'own' },
      description: 'Amazon VPC CNI, an address of one of the managed ENIs',
    });
  },
};
