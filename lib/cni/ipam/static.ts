import { familyOf, parseCidr } from '../../model/ip';
import { goParseCidr, goParseIp } from '../go/net';
import { DNS, ROUTE } from '../base/fields';
import { asTexts, ipamReading, onePerFamily, rangesInWords, readRoutes, type IpamPlugin } from './ipam';
import { ipRange } from './range';

/** The config or the pod's request sets the addresses; every pod of a NAD with addresses gets the same ones. */
export const staticIpam: IpamPlugin = {
  type: 'static',
  fields: { routes: [ROUTE], addresses: [{ address: 'string', gateway: 'address' }], dns: DNS },
  outer: { runtimeConfig: { ips: ['string'] }, args: { cni: { ips: ['string'] } } },
  read(config, { cniVersion }) {
    const addresses = config.objects('addresses').flatMap((entry) => {
      const text = entry.text('address');
      const read = text === null ? null : goParseCidr(text);
      if (read === null || 'error' in read) {
        config.error(`the 'address' field is expected to be in CIDR notation, got: '${text?.slice(0, 64) ?? ''}'`);
        return [];
      }
      return [
        {
          ...read,
          subnet: parseCidr(`${read.ip}/${read.prefixLength}`)?.text ?? '',
          gateway: goParseIp(entry.text('gateway') ?? ''),
        },
      ];
    });
    onePerFamily(
      config,
      addresses.map(({ ip }) => familyOf(ip)),
      cniVersion,
    );
    const allocatable = addresses.flatMap(({ ip }) => ipRange(ip, ip) ?? []);
    const onlyOnRequest = addresses.length === 0;
    if (!onlyOnRequest) config.note('every pod gets the same address: with more than one pod they conflict');
    return ipamReading({
      scope: 'fixed',
      onlyOnRequest,
      allocatable,
      ranges: asTexts(allocatable),
      subnets: [...new Set(addresses.map(({ subnet }) => subnet))],
      gateways: [...new Set(addresses.flatMap(({ gateway }) => gateway ?? []))],
      routes: readRoutes(config),
      description: onlyOnRequest
        ? 'the address that the pod asks for'
        : `the fixed address ${rangesInWords(addresses.map(({ ip }) => ip))}`,
    });
  },
};
