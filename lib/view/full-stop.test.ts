import { expect, it } from 'vitest';
import { sentence, withinSentence } from './full-stop';

it.each([
  ['nodes are not known', 'Nodes are not known.'],
  ['eni-1 is gone.', 'eni-1 is gone.'],
  ['ENIs are not known...', 'ENIs are not known.'],
])('%s becomes a sentence', (text, expected) => expect(sentence(text)).toBe(expected));

it.each([
  ['Subnets are not known', 'subnets are not known'],
  ['ENIs and address slots are not known', 'ENIs and address slots are not known'],
  ['IPv6 is off', 'IPv6 is off'],
  ['A pod waits', 'a pod waits'],
  ['EC2', 'EC2'],
])('%s within a sentence', (text, expected) => expect(withinSentence(text)).toBe(expected));
