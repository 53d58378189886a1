import {
  authorizationRemarks,
  bankOffersIn,
  bindingRemarks,
  clientRemarks,
} from '../../core/profile/bankOffers';
import { secretHider } from '../../core/lib/hiddenSecrets';
import { offeredAlgorithms } from '../../core/profile/offeredAlgorithms';
import type { Signer } from '../../core/profile/signer';
import type { ClientAuthenticationMethod } from '../../core/profile/settings';

const withMetadata = (metadata: Record<string, unknown>) => ({
  offers: bankOffersIn(metadata),
  algorithms: offeredAlgorithms(metadata),
});

/** The remarks about a client. */
const ofClient = (
  metadata: Record<string, unknown>,
  method: ClientAuthenticationMethod,
  signer?: Pick<Signer, 'algorithm'>,
) => {
  const authentication = { method } as Parameters<typeof clientRemarks>[0]['authentication'];
  const profile = { authentication, signer: signer as Signer | undefined };
  return clientRemarks(profile, withMetadata(metadata)).map(({ sentence }) => sentence);
};

describe('the client authentication', () => {
  const listed = { token_endpoint_auth_methods_supported: ['private_key_jwt', 'tls_client_auth'] };

  it.each<[string, ClientAuthenticationMethod, string[]]>([
    ['listed', 'private_key_jwt', []],
    ['listed', 'tls_client_auth', []],
    [
      'not listed',
      'client_secret_basic',
      [
        'The metadata of the bank does not offer client_secret_basic for client authentication; it offers: private_key_jwt, tls_client_auth.',
      ],
    ],
    [
      'not listed',
      'self_signed_tls_client_auth',
      [
        'The metadata of the bank does not offer self_signed_tls_client_auth for client authentication; it offers: private_key_jwt, tls_client_auth.',
      ],
    ],
  ])('that is %s (%s) has the right remarks', (_, method, remarks) => {
    expect(ofClient(listed, method)).toEqual(remarks);
  });

  it('has a remark about the algorithm of assertions only if it signs one', () => {
    const metadata = { token_endpoint_auth_signing_alg_values_supported: ['ES256'] };
    expect(ofClient(metadata, 'private_key_jwt', { algorithm: 'PS256' })).toEqual([
      'The metadata of the bank does not offer PS256 for client assertions; it offers: ES256.',
    ]);
    expect(ofClient(metadata, 'tls_client_auth')).toEqual([]);
  });

  it.each([
    {},
    { token_endpoint_auth_methods_supported: 'x' },
    { token_endpoint_auth_methods_supported: [7, null] },
  ])('has none if the metadata lists none: %j', (metadata) =>
    expect(ofClient(metadata, 'client_secret_post')).toEqual([]),
  );

  it('has none without metadata', () => {
    const authentication = { method: 'tls_client_auth' } as const;
    expect(clientRemarks({ authentication }, {})).toEqual([]);
    expect(bindingRemarks({})).toEqual([]);
    expect(authorizationRemarks({}, { responseType: 'code', acrValues: ['a'] })).toEqual([]);
  });
});

describe('the binding of tokens', () => {
  const DPOP = { dpop_signing_alg_values_supported: ['ES256'] };
  const bound = (value: unknown) => ({ tls_client_certificate_bound_access_tokens: value });

  it.each<[string, Record<string, unknown>, RegExp | undefined]>([
    ['to certificates', bound(true), undefined],
    ['to certificates or by DPoP', { ...DPOP, ...bound(true) }, undefined],
    ['that nothing is said about', {}, undefined],
    ['with a value that is no boolean', bound('true'), undefined],
    ['with an empty list', { dpop_signing_alg_values_supported: [] }, undefined],
    [
      'by DPoP alone',
      DPOP,
      /^This bank may want tokens that are bound by DPoP, which this package/,
    ],
    ['by DPoP, and not to certificates', { ...DPOP, ...bound(false) }, /bound by DPoP/],
    ['to nothing', bound(false), /tokens are not bound to client certificates/],
  ])('%s has the right remark', (_, metadata, remark) => {
    const remarks = bindingRemarks(withMetadata(metadata)).map(({ sentence }) => sentence);
    expect(remarks).toEqual(remark ? [expect.stringMatching(remark)] : []);
  });
});

describe('an authorization request', () => {
  const remarks = (
    metadata: Record<string, unknown>,
    request: Parameters<typeof authorizationRemarks>[1],
  ) => authorizationRemarks(withMetadata(metadata), request).map(({ sentence }) => sentence);
  const modes = (...names: string[]) => ({ response_modes_supported: names });

  it.each<[string, string[], string | undefined, string]>([
    ['code', ['query'], undefined, 'the default of "code"'],
    ['code id_token', ['fragment'], undefined, 'the default of "code id_token"'],
    ['code', ['form_post'], 'form_post', 'form_post'],
    ['code', ['jwt'], 'jwt', 'jwt'],
    ['code', ['query.jwt'], 'jwt', 'jwt'],
    ['code id_token', ['fragment.jwt'], 'jwt', 'jwt'],
    ['code', ['form_post.jwt'], 'form_post.jwt', 'form_post.jwt'],
  ])('for "%s" whose response mode is in %j has no remark, otherwise one: %s', (...given) => {
    const [responseType, offered, responseMode, words] = given;
    const request = { responseType, ...(responseMode && { responseMode }) };
    expect(remarks(modes(...offered), request)).toEqual([]);
    expect(remarks(modes('other'), request)).toEqual([
      expect.stringMatching(/ for "response_mode"; it offers: other\.$/),
    ]);
    expect(remarks(modes('other'), request)[0]).toContain(words);
  });

  it('has a remark if the bank offers none of its ACR values', () => {
    const metadata = { acr_values_supported: ['urn:bank:sca', 'urn:bank:ca'] };
    const request = { responseType: 'code' };
    expect(remarks(metadata, request)).toEqual([]);
    expect(remarks(metadata, { ...request, acrValues: ['urn:x', 'urn:bank:ca'] })).toEqual([]);
    expect(remarks(metadata, { ...request, acrValues: ['urn:x', 'urn:y'] })).toEqual([
      'The metadata of the bank does not offer urn:x, urn:y for the log-in of the customer ("acr"); it offers: urn:bank:sca, urn:bank:ca.',
    ]);
  });

  it('has the remark about DPoP before a customer consents', () => {
    const metadata = { dpop_signing_alg_values_supported: ['PS256'] };
    expect(remarks(metadata, { responseType: 'code' })).toEqual([
      expect.stringContaining('bound by DPoP'),
    ]);
  });
});

it('a name in metadata that repeats a secret of the request is shown without it', () => {
  const secret = 'k-5f1e-9c0d-of-the-gateway';
  const metadata = { token_endpoint_auth_methods_supported: [`x ${secret}`] };
  const offers = bankOffersIn(metadata, secretHider([secret]));
  const [remark] = clientRemarks({ authentication: { method: 'tls_client_auth' } }, { offers });
  expect(remark!.message).toContain('it offers: x [hidden]');
});

it('a long list in metadata is cut in a message', () => {
  const names = Array.from({ length: 5000 }, (_, index) => `method-${index}`);
  const [sentence] = ofClient({ token_endpoint_auth_methods_supported: names }, 'tls_client_auth');
  expect(sentence).toMatch(/method-9\.$/);
});
