import { generatePrivateKey } from '../../support/keys/certificates';
import { otherKey } from '../../support/bank/idTokens';
import { json, raw, type Answer } from '../../support/bank/scriptedBank';
import type { Asked, BankAnswer, HostileBank } from './hostileBank';
import { exchange, refresh, tokenNode, type Kind } from './kinds';

/** Items of an exchange whose refusals repeat secrets: each refusal in another form. */
const ECHOES = 6;

/** A refusal that repeats a secret of the request. */
const refusal =
  (status: number, error: string): BankAnswer =>
  (bank, asked) =>
    json(status, { error, error_description: `refused: ${bank.echo(asked)}` });

/** Refusals in the form of RFC 6749 §5.2, with each error. */
const refusals: Kind[] = (
  [
    [400, 'invalid_request'],
    [401, 'invalid_client'],
    [400, 'invalid_grant'],
    [400, 'unauthorized_client'],
    [400, 'unsupported_grant_type'],
    [400, 'invalid_scope'],
    [403, 'access_denied'],
    [500, 'server_error'],
    [503, 'temporarily_unavailable'],
    [429, 'slow_down'],
    [400, 'bank_specific'],
  ] as const
).map(([status, error]) =>
  exchange(`refused with ${error}`, refusal(status, error), { count: ECHOES }),
);

/** Refusals in other dialects. */
const dialects: Kind[] = Object.entries({
  'refused in the words of OBIE': (bank, asked) =>
    json(400, {
      Code: '400 BadRequest',
      Message: `refused ${bank.echo(asked)}`,
      Errors: [{ ErrorCode: 'UK.OBIE.Field.Invalid', Message: bank.echo(asked) }],
    }),
  'refused in problem+json': (bank, asked) =>
    raw(
      400,
      JSON.stringify({
        title: 'Bad request',
        detail: bank.echo(asked),
        instance: bank.echo(asked),
      }),
      'application/problem+json',
    ),
  'refused in the words of a gateway': (bank, asked) =>
    json(401, {
      fault: { faultstring: bank.echo(asked), detail: { errorcode: bank.echo(asked) } },
    }),
  'refused in plain text': (bank, asked) => raw(400, `No: ${bank.echo(asked)}`, 'text/plain'),
  'refused with a page': (bank, asked) =>
    raw(403, `<html><head><title>${bank.echo(asked)}</title></head></html>`, 'text/html'),
  'refused in a header': (bank, asked) =>
    raw(401, '', 'application/json', {
      'WWW-Authenticate': `Bearer error="invalid_client", error_description="${header(bank, asked)}"`,
    }),
  'refused with an error that repeats a secret': (bank, asked) =>
    json(400, { error: bank.echo(asked), error_uri: `https://bank.example/${bank.echo(asked)}` }),
} satisfies Record<string, BankAnswer>).map(([name, answer]) =>
  exchange(name, answer, { count: ECHOES }),
);

/** An echo that may be in a header. */
const header = (bank: HostileBank, asked: Asked) => bank.echo(asked).replace(/[^\x20-\x7e]|"/g, '');

/** Sends a part of an answer, and closes the connection. */
const cutOff =
  (body: string): Answer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '5000' });
    response.write(body, () => response.destroy());
  };

/** Answers with tokens that cannot be read as tokens. */
const unreadable: Kind[] = Object.entries({
  'an answer that is cut': (bank) => raw(200, JSON.stringify(bank.tokens()).slice(0, -9)),
  'a connection that breaks': (bank) => cutOff(JSON.stringify(bank.tokens()).slice(0, -9)),
  'an answer that is too large': (bank) =>
    json(200, bank.tokens({ padding: 'x'.repeat(2 * 1024 * 1024) })),
  'tokens in a page': (bank) =>
    raw(200, `<html><title>Bank</title>${JSON.stringify(bank.tokens())}</html>`, 'text/html'),
  'tokens in a list': (bank) => json(200, [bank.tokens()]),
  'a refresh token alone': (bank) => json(200, bank.tokens({ access_token: undefined })),
  'tokens with an error status': (bank) => json(500, bank.tokens()),
  'tokens and an error': (bank) => {
    const tokens = bank.tokens();
    const words = `not with ${String(tokens.access_token)}`;
    return json(400, { ...tokens, error: 'invalid_grant', error_description: words });
  },
  'a redirect with a token': (bank) =>
    raw(302, '', 'text/plain', { Location: `https://localhost:1/?t=${bank.accessToken()}` }),
} satisfies Record<string, BankAnswer>).map(([name, answer]) => exchange(name, answer));

/** Answers that are odd, and hold tokens that can be used. */
const odd: Kind[] = Object.entries({
  'a deeply nested answer': (bank) =>
    raw(
      200,
      JSON.stringify(bank.tokens({ nested: 0 })).replace(
        ':0',
        `:${'['.repeat(5000)}${']'.repeat(5000)}`,
      ),
    ),
  'tokens of another type': (bank) => json(200, bank.tokens({ token_type: 'MAC' })),
} satisfies Record<string, BankAnswer>).map(([name, answer]) =>
  exchange(name, answer, { fails: false }),
);

/** Takes the request, and does not answer. */
const silent: Kind = exchange('no answer', () => () => undefined, {
  credential: { requestTimeout: 1 },
});

/** ID tokens that a check refuses. */
const idTokens: Kind[] = Object.entries({
  'an ID token for another request': (bank) => bank.idToken({ nonce: 'of-another-request' }),
  'an ID token for another client': (bank) => bank.idToken({ aud: 'client-2' }),
  'an ID token of another issuer': (bank) => bank.idToken({ iss: 'https://other.example' }),
  'an ID token that expired': (bank) => bank.idToken({ exp: 1_700_000_000 }),
  'an ID token with a forged signature': (bank) => bank.idToken({}, { key: otherKey }),
  'an ID token with an unknown key': (bank) =>
    bank.idToken({}, { key: generatePrivateKey('rsa'), header: { kid: 'unknown' } }),
  'an ID token without a signature': (bank) => bank.idToken({}, { unsigned: true }),
  'an ID token that is no JWT': (bank) => Promise.resolve(bank.accessToken()),
} satisfies Record<string, (bank: HostileBank) => Promise<string>>).map(([name, idToken]) =>
  exchange(name, async (bank) => json(200, bank.tokens({ id_token: await idToken(bank) })), {
    credential: { scope: 'openid accounts', clientId: 'client-1' },
    options: { nonce: 'n-1' },
  }),
);

/** The other operations that send tokens to the bank. */
const others: Kind[] = [
  refresh('a refresh that is refused', refusal(400, 'invalid_grant')),
  refresh('a refresh without an answer', () => (response) => response.destroy()),
  refresh(
    'a refresh that brings another customer',
    async (bank) => json(200, bank.tokens({ id_token: await bank.idToken({ sub: 'robin' }) })),
    {
      credential: { scope: 'openid accounts', clientId: 'client-1' },
      items: async (bank) => [
        { refresh_token: bank.refreshToken(), id_token: await bank.idToken() },
      ],
    },
  ),
  {
    ...{ name: 'an introspection that repeats the request', fails: false },
    answer: (bank, asked) =>
      json(200, {
        ...{ active: true, scope: 'accounts', token: asked.form.get('token') },
        ...{ assertion: asked.form.get('client_assertion'), words: bank.echo(asked) },
      }),
    items: (bank) => Array.from({ length: ECHOES }, () => ({ token: bank.accessToken() })),
    node: tokenNode('introspect', {
      ...{ tokenFrom: 'field', token: '={{ $json.token }}', tokenTypeHint: 'access_token' },
    }),
  },
  ...(['introspect', 'revoke'] as const).map((operation): Kind => ({
    ...{ name: `${operation} that is refused`, fails: true },
    answer: refusal(400, 'invalid_request'),
    items: (bank) => Array.from({ length: ECHOES }, () => ({ token: bank.refreshToken() })),
    node: tokenNode(operation, {
      ...{ tokenFrom: 'field', token: '={{ $json.token }}', tokenTypeHint: 'refresh_token' },
    }),
  })),
  ...(['pushed', 'pushedRequestObject'] as const).map((sendRequestAs): Kind => ({
    ...{ name: `an authorization request that is refused (${sendRequestAs})`, fails: true },
    credential: { scope: 'openid accounts' },
    answer: refusal(400, 'invalid_request'),
    items: () => Array.from({ length: ECHOES }, (_, index) => ({ index })),
    node: tokenNode('createUrl', { consentId: '', sendRequestAs }),
  })),
];

/** Everything that can go wrong at the endpoints of a bank. */
export const bankKinds: Kind[] = [
  ...[...refusals, ...dialects, ...unreadable, ...odd, silent, ...idTokens, ...others],
];
