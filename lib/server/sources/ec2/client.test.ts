import { expect, it } from 'vitest';
import {} from '../../../../e2e/testing/servers/ec2-bench';
import { regionOfZone } from './client';

it.each([
  ['eu-west-1a', 'eu-west-1'],
  ['us-west-2-lax-1a', 'us-west-2'],
  ['us-gov-west-1b', 'us-gov-west-1'],
  ['ap-southeast-2', 'ap-southeast-2'],
  ['rack-7', null],
  ['', null],
])('the region of zone %s is %s', (zone, region) => {
  expect(regionOfZone(zone)).toBe(region);
});
