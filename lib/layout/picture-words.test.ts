import { expect, it } from 'vitest';
import { GOLDEN_CLUSTERS } from '../../e2e/testing/golden-clusters';
import { pictureWords } from './picture-words';

const telco = () => GOLDEN_CLUSTERS.telco().build();

it('counts what the picture shows', () => {
  expect(pictureWords(telco()).description).toMatch(/^\d+ nodes?, \d+ ENIs?, \d+ pods?, \d+ pod interfaces?/);
});

it('does not count unknown values as zero', () => {
  const { records, ...rest } = telco();
  const { description } = pictureWords({ ...rest, records: { ...records, enis: new Map(), findings: new Map() } });
  expect(description).toMatch(/^\d+ nodes?, \d+ pods?, \d+ pod interfaces?\./);
});
