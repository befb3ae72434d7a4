import { expect, it } from 'vitest';
import { cleaned, ours, reason } from './reason';

it('a reason consists of ifscope’s own words and numbers', () => {
  expect(reason`list ${ours('pods')}: HTTP ${403}`).toBe('list pods: HTTP 403');
});

it.each([
  ['error: token=s3cr3t expired', 'error: token=… expired'],
  ['{"access_token": "abc", "x": 1}', '{"access_token": "…", "x": 1}'],
  ['AWS_SECRET_ACCESS_KEY=abc/def+1 AWS_REGION=eu-west-1', 'AWS_SECRET_ACCESS_KEY=… AWS_REGION=eu-west-1'],
  ['Authorization: Bearer abc.def', 'Authorization: … …'],
  ['password: hunter2, try again', 'password: …, try again'],
  ['sent eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln to it', 'sent … to it'],
  ['proxy http://me:pw@proxy:3128 refuses', 'proxy http://…@proxy:3128 refuses'],
  ['key ASIAIOSFODNN7EXAMPLE/wJalrXUtnFEMI is wrong', 'key … is wrong'],
  ['0123456789abcdef0123456789abcdef', '…'],
  ['two\nlines\u001b[31m', 'two lines [31m'],
  // Text that helps to find the fault is kept.
  ['exec: executable aws-iam-authenticator not found', 'exec: executable aws-iam-authenticator not found'],
  ['open /home/me/.kube/config: permission denied', 'open /home/me/.kube/config: permission denied'],
  [
    'User "system:serviceaccount:ifscope:ifscope" cannot list',
    'User "system:serviceaccount:ifscope:ifscope" cannot list',
  ],
  ['getaddrinfo ENOTFOUND api.prod.eks.example', 'getaddrinfo ENOTFOUND api.prod.eks.example'],
])('%s', (text, clean) => {
  expect(cleaned(text)).toBe(clean);
});

// A server, a proxy or a plugin chooses the text, and the thread that collects reads it.
it.each(['a', 'token', 'secret.', '"', '/', '= ', 'eyJ.', 'Bearer ', 'x@'])(
  'sanitises any text quickly: 64 KiB of %j',
  (part) => {
    const started = performance.now();
    expect(cleaned(part.repeat((64 << 10) / part.length)).length).toBeLessThanOrEqual(400);
    expect(performance.now() - started).toBeLessThan(1_000);
  },
);

it('hides a secret at the end of the part that it reads', () => {
  const secret = 'aB3'.repeat(2_000);
  for (let before = 0; before < 200; before += 7) {
    const said = cleaned(`${' x'.repeat(before)} password=${secret}`);
    expect(said).not.toContain('aB3');
  }
});
