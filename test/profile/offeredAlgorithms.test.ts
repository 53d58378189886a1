import { notOffered, offeredAlgorithms } from '../../core/profile/offeredAlgorithms';

const offered = offeredAlgorithms({
  token_endpoint_auth_signing_alg_values_supported: ['ES256', 7, 'Ed25519'],
  request_object_signing_alg_values_supported: 'PS256',
});

it.each([
  ['ES256', 'clientAssertion', undefined],
  ['EdDSA', 'clientAssertion', undefined],
  [
    'PS256',
    'clientAssertion',
    'The metadata of the bank does not offer PS256 for client assertions; it offers: ES256, Ed25519.',
  ],
  ['PS256', 'requestObject', undefined],
] as const)('returns the right warning about %s for %s', (algorithm, use, warning) => {
  expect(notOffered(offered, use, algorithm)).toBe(warning);
});

it('returns no warning without metadata', () => {
  for (const metadata of [undefined, null, [], 'x', {}]) {
    expect(notOffered(offeredAlgorithms(metadata), 'clientAssertion', 'PS256')).toBeUndefined();
  }
  expect(notOffered(undefined, 'requestObject', 'PS256')).toBeUndefined();
});

it('warns if the metadata has an empty list of algorithms', () => {
  const none = offeredAlgorithms({ request_object_signing_alg_values_supported: [] });
  expect(notOffered(none, 'requestObject', 'ES256')).toContain('it offers: none');
});
