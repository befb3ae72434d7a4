import { expect, it } from 'vitest';
import { portMakerText } from './known-texts';

const OVN = 'ErrorAddingLogicalPort';

it.each([
  [OVN, 'unexpected error: more than one of the same NAD red/tenant specified for pod red/a', /once in the annotation/],
  [OVN, 'unexpected primary network "tenant" specified with a NetworkSelectionElement', /out of the annotation/],
  [OVN, 'error allocating ip 192.168.7.5: the provided IP is not in the valid range', /fixed address[^]*and free\.$/],
  ['AcquireAddressFailed', 'AddressOutOfRange', /fixed address[^]*ovn\.kubernetes\.io\/ip_address/],
  [OVN, 'something else', /ovnkube-control-plane/],
])('%s: %s', (reason, text, advice) => {
  expect(portMakerText(reason, text)?.advice).toMatch(advice);
});

it('recognises no other reasons', () => {
  expect(portMakerText('FailedMount', 'more than one of the same NAD')).toBeNull();
});
