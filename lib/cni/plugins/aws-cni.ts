import { reading, type MainPlugin } from '../base/plugin';

/** The Amazon VPC CNI works only as the cluster network; as an additional network it fails (amazon-vpc-cni-k8s issue 596). */
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
    // Its `mtu` is a string: "9001".
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
