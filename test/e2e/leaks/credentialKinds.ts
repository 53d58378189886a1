import { randomUUID } from 'node:crypto';
import { json } from '../../support/bank/scriptedBank';
import { certificateAuthority, clientCertificate } from '../../support/keys/certificates';
import { exchange, misconfigured, tokenNode, type Kind } from './kinds';
import type { Identity } from './identity';

/** Addresses of servers that do not answer as a bank does. */
export interface OtherServers {
  /** A port without a listener. */
  closedPort: number;
  /** Ends each connection in the handshake. */
  refusing: string;
  /** Has a certificate of an unknown authority. */
  untrusted: string;
  /** The bank, at an address that goes through a proxy with a wrong password. */
  proxied: string;
  /** Connection strings that do not lead into a database. */
  postgres: Record<string, string>;
}

/** Keys, certificates and fields that do not fit. */
export async function credentialKinds(identity: Identity, servers: OtherServers): Promise<Kind[]> {
  const { otherKey, pkcs12, passphrase } = identity;
  const encrypted = String(identity.fields['transportPrivateKey']);
  const [begin, ...lines] = encrypted.split('\n');
  const expired = await clientCertificate({ until: -1 });
  const other = await (await certificateAuthority('Another CA')).issue({ key: 'rsa' });
  const p12 = { keyFormat: 'pkcs12', pkcs12 };
  return [
    misconfigured('a wrong passphrase', { passphrase: passphrase.slice(0, -1) }),
    misconfigured('no passphrase', { passphrase: '' }),
    misconfigured('the key of another certificate', { transportPrivateKey: otherKey }),
    misconfigured('another certificate', { transportCertificate: expired.certificate }),
    misconfigured('an expired certificate', {
      transportCertificate: expired.certificate,
      transportPrivateKey: expired.privateKey,
    }),
    misconfigured('a certificate that the bank refuses', {
      transportCertificate: other.certificate,
      transportPrivateKey: other.privateKey,
    }),
    misconfigured('a key with a missing line', {
      transportPrivateKey: [begin, ...lines.slice(1)].join('\n'),
    }),
    misconfigured('a key that is cut', { transportPrivateKey: otherKey.slice(0, 900) }),
    misconfigured('a key without its first line', {
      transportPrivateKey: otherKey.split('\n').slice(1).join('\n'),
    }),
    misconfigured('a key with other characters', {
      transportPrivateKey: otherKey.replaceAll('M', '*'),
    }),
    misconfigured('a JWK that is cut', { transportPrivateKey: identity.jwk.slice(0, -40) }),
    misconfigured('a JWK with a wrong member', {
      transportPrivateKey: identity.jwk.replace('"p":"', '"p":"AAAA'),
    }),
    misconfigured('a signing key for another algorithm', { algorithm: 'ES256' }),
    misconfigured('a PKCS #12 file with a wrong passphrase', { ...p12, passphrase: 'wrong' }),
    misconfigured('a PKCS #12 file that is cut', { ...p12, pkcs12: pkcs12.slice(0, 600) }),
    misconfigured('a PKCS #12 file in a field for PEM', { transportPrivateKey: pkcs12 }),
    misconfigured('a decryption key that is cut', { decryptionKeys: otherKey.slice(0, 900) }),
    misconfigured('a decryption key for signatures', {
      decryptionKeys: identity.jwk.replace('{', '{"use":"sig",'),
    }),
    misconfigured('a next key of another certificate', { nextTransportPrivateKey: otherKey }),
    misconfigured('next keys without a time', { nextKeysFrom: '' }),
    misconfigured('a key in "Next Keys From"', { nextKeysFrom: otherKey }),
    misconfigured('a key in "Next Transport Certificate"', { nextTransportCertificate: otherKey }),
    misconfigured('a key in "Certificate Authorities"', { certificateAuthorities: otherKey }),
    misconfigured('a key in "Transport Certificate"', { transportCertificate: otherKey }),
    ...(['tokenEndpoint', 'clientId', 'scope', 'redirectUri'] as const).map((field) =>
      misconfigured(`a key in the field ${field}`, { [field]: otherKey }),
    ),
    misconfigured('a passphrase in the scope', { scope: `accounts ${passphrase}` }),
    misconfigured('a key of the credential by an expression', {
      clientId: '={{ $self["transportPrivateKey"] }}',
    }),
    misconfigured('a passphrase of the credential by an expression', {
      scope: '={{ $self["passphrase"] }}',
    }),
    misconfigured('an extra header without a name', {
      extraHeaders: String(identity.fields['extraHeaders']).split(': ')[1],
    }),
    misconfigured('a bank that is down', {
      tokenEndpoint: `https://localhost:${servers.closedPort}/token`,
    }),
    misconfigured('a bank that refuses TLS', { tokenEndpoint: `${servers.refusing}/token` }),
    misconfigured('a bank with an unknown authority', {
      tokenEndpoint: `${servers.untrusted}/token`,
    }),
    misconfigured('no authority of the bank', { certificateAuthorities: '' }),
    misconfigured('a proxy that refuses the password', {
      tokenEndpoint: `${servers.proxied}/token`,
    }),
    misconfigured('a client secret with a line end', {
      clientAuthentication: 'client_secret_basic',
      clientSecret: `${identity.clientSecret.slice(0, 20)}\n${identity.clientSecret.slice(20)}`,
    }),
    misconfigured('a client secret in the scope', {
      ...{ clientAuthentication: 'client_secret_post', clientSecret: identity.clientSecret },
      scope: `accounts ${identity.clientSecret}`,
    }),
    misconfigured('a client secret by an expression', {
      ...{ clientAuthentication: 'client_secret_post', clientSecret: identity.clientSecret },
      scope: '={{ $self["clientSecret"] }}',
    }),
    misconfigured('an account API header without a name', {
      accountApiHeaders: String(identity.fields['accountApiHeaders']).split(': ')[1],
    }),
    ...storeKinds(servers),
    ...inputKinds(identity),
    ...successes,
  ];
}

/** Stores that cannot be opened, and consents that are not in them. */
function storeKinds({ postgres }: OtherServers): Kind[] {
  const kept = { options: { keepForConsent: '={{ $json.consent }}' } };
  const withConsent: Partial<Kind> = {
    items: (bank) => [{ code: bank.code(), consent: `consent ${randomUUID()}` }],
  };
  return [
    ...Object.entries(postgres).map(([name, postgresUrl]) =>
      exchange(`PostgreSQL: ${name}`, (bank) => json(200, bank.tokens()), {
        ...{ ...withConsent, ...kept },
        credential: { keepTokensIn: 'postgres', postgresUrl },
      }),
    ),
    ...['valid', 'introspect', 'revoke'].map((operation): Kind => ({
      ...{ name: `${operation} of an unknown consent`, fails: true },
      node: tokenNode(operation, {
        ...{ tokenFrom: 'consent', consent: { __rl: true, mode: 'id', value: 'nobody' } },
      }),
    })),
  ];
}

/** Values of items that a field refuses. */
function inputKinds({ pastedKey }: Identity): Kind[] {
  const pasted: Partial<Kind> = { items: () => [{ pasted: pastedKey }] };
  const consent = { __rl: true, mode: 'id', value: '={{ $json.pasted }}' };
  return [
    exchange('a key in the field for the code', undefined, {
      ...pasted,
      node: tokenNode('exchange', { code: '={{ $json.pasted }}' }),
    }),
    {
      ...{ name: 'a key as the name of a consent', fails: true, ...pasted },
      node: tokenNode('valid', { consent }),
    },
    {
      ...{ name: 'a key as consent ID', fails: true, ...pasted },
      node: tokenNode('createUrl', { consentId: '={{ $json.pasted }}' }),
    },
    exchange('a redirect that nobody asked for', undefined, {
      items: async (bank) => [
        {
          code: `https://app.example/redirect#code=${encodeURIComponent(bank.code())}&state=unknown&id_token=${await bank.idToken()}`,
        },
      ],
    }),
    exchange('a redirect to another address', undefined, {
      items: (bank) => [{ code: `https://other.example/?code=${encodeURIComponent(bank.code())}` }],
    }),
    exchange('a code that is used twice', (bank) => json(200, bank.tokens()), {
      items: (bank) => {
        const code = bank.code();
        return [{ code }, { code }];
      },
      fails: false,
    }),
    exchange('an expression that fails', undefined, {
      node: tokenNode('exchange', { code: '={{ $json.code.first().second }}' }),
    }),
    exchange('an option whose expression yields nothing', undefined, {
      options: { codeVerifier: '={{ $json.nothing }}' },
    }),
    {
      ...{ name: 'n8n’s custom API call', fails: true, failsAnyway: true },
      node: tokenNode('__CUSTOM_API_CALL__'),
    },
  ];
}

/** Operations that succeed. */
const successes: Kind[] = [
  exchange('an exchange', (bank) => json(200, bank.tokens()), { count: 3, fails: false }),
  exchange(
    'an exchange with an ID token',
    async (bank) => json(200, bank.tokens({ id_token: await bank.idToken() })),
    {
      credential: { scope: 'openid accounts', clientId: 'client-1' },
      ...{ options: { nonce: 'n-1' }, fails: false },
    },
  ),
  exchange('an exchange whose tokens are stored', (bank) => json(200, bank.tokens()), {
    options: { keepForConsent: '={{ "stored " + $itemIndex }}', output: 'consent' },
    ...{ count: 2, fails: false },
  }),
  {
    ...{ name: 'an application token', fails: false },
    answer: (bank) => json(200, bank.tokens({ refresh_token: undefined })),
    node: tokenNode('application'),
  },
  {
    ...{ name: 'a refresh', fails: false },
    answer: (bank) => json(200, bank.tokens()),
    items: (bank) => [{ refresh_token: bank.refreshToken() }],
    node: tokenNode('refresh', { refreshToken: '={{ $json.refresh_token }}' }),
  },
  { ...{ name: 'the list of consents', fails: false }, node: tokenNode('list') },
  {
    ...{ name: 'an authorization URL', fails: false },
    credential: { scope: 'openid accounts' },
    node: tokenNode('createUrl', { consentId: 'consent-1', sendRequestAs: 'requestObject' }),
  },
];
