import { constants, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { createClient } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import { bankJwk, encryptedFor, issuer, jwk, now, otherKey } from '../support/bank/idTokens';
import { json } from '../support/bank/scriptedBank';
import { outputOf, runNode } from '../support/n8n/nodeExecution';

let server: AnsweringServer;
let credential: BankSettings;
let ownKey: KeyObject;
let ownKeyId: string;

beforeAll(async () => {
  server = await startAnsweringServer();
  credential = { ...(await customCredential(server.url)), issuer };
  const signer = await (await createClient(credential)).profile.requestSigner();
  ownKey = signer.key;
  ownKeyId = signer.keyId!;
});
beforeEach(async () => {
  server.answers = {
    '/jwks': json(200, {
      keys: [await bankJwk(), await jwk(ownKey, 'own'), await jwk(ownKey, ownKeyId)],
    }),
  };
});
afterAll(() => server?.close());

async function run(operation: string, parameters: IDataObject, item: IDataObject = {}) {
  const task = await runNode({
    credential: credential as IDataObject,
    items: [item],
    parameters: { resource: 'payload', operation, ...parameters },
  });
  if (task.error) throw task.error;
  return outputOf(task)[0]!.json as IDataObject & Record<'body' | 'signature', string>;
}
const signed = (parameters: IDataObject, item?: IDataObject) => run('sign', parameters, item);
const verified = (parameters: IDataObject) => run('verify', parameters);

/** An error whose message matches. */
const said = (message: RegExp) => ({ message: expect.stringMatching(message) as string });

const decoded = (part: string) =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as IDataObject;

/** Whether a PS256 signature is that of the credential's key over these bytes. */
function isOwnSignature(input: string, signature: string): boolean {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const key = { key: createPublicKey(ownKey), padding, saltLength: 32 };
  return verify('sha256', Buffer.from(input), key, Buffer.from(signature, 'base64url'));
}

/** A JWS that is signed with the credential's key, which this bank publishes too. */
function jwsWith(header: object, payload: string, text = payload): string {
  const encoded = Buffer.from(JSON.stringify({ alg: 'PS256', kid: 'own', ...header }));
  const input = `${encoded.toString('base64url')}.${payload}`;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const signature = sign('sha256', Buffer.from(input), { key: ownKey, padding, saltLength: 32 });
  return `${encoded.toString('base64url')}.${text}.${signature.toString('base64url')}`;
}
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const UK = 'http://openbanking.org.uk/';
const uk = (changes = {}) => ({
  [`${UK}iat`]: now() - 5,
  [`${UK}iss`]: 'bank',
  [`${UK}tan`]: 'openbanking.org.uk',
  crit: [`${UK}iat`, `${UK}iss`, `${UK}tan`],
  ...changes,
});

describe('sign', () => {
  it('signs the incoming item as a JWT with "iss", "aud", "jti" and dates', async () => {
    const before = now();
    const audience = 'https://bank.example/consents';
    const { body, content_type: type } = await signed({ audience }, { data: { amount: '1.10' } });
    const [header = '', claims = '', signature = ''] = body.split('.');
    expect(type).toBe('application/jwt');
    expect(isOwnSignature(`${header}.${claims}`, signature)).toBe(true);
    expect(decoded(header)).toEqual({
      typ: 'JWT',
      alg: 'PS256',
      kid: expect.any(String) as string,
    });
    const { iat, exp, jti, ...others } = decoded(claims);
    expect(others).toEqual({ iss: 'client-1', aud: audience, data: { amount: '1.10' } });
    expect(iat).toBeGreaterThanOrEqual(before - 6);
    expect(exp).toBe((iat as number) + 300);
    expect(jti).toMatch(/^[\w-]{43}$/);
  });

  it('leaves the claims of a JWT as they are given', async () => {
    const payload = JSON.stringify({ iss: 'organisation', jti: 'j-1', iat: 1, exp: 2, aud: ['a'] });
    const { body } = await signed({ payload, audience: 'b', options: { issuer: 'c' } });
    expect(decoded(body.split('.')[1]!)).toEqual(JSON.parse(payload));
  });

  it('signs a JWT without an end if the lifetime is 0', async () => {
    const { body } = await signed({ payload: '{}', options: { lifetime: 0 } });
    expect(decoded(body.split('.')[1]!)).not.toHaveProperty('exp');
  });

  it('signs a text as it is in a compact JWS', async () => {
    const payload = ' { "b": 1,  "a": 2 }\n';
    const { body } = await signed({ payload, form: 'compact' });
    const [header, content = '', signature = ''] = body.split('.');
    expect(Buffer.from(content, 'base64url').toString()).toBe(payload);
    expect(isOwnSignature(`${header}.${content}`, signature)).toBe(true);
  });

  it('signs a body with the critical header members of UK Open Banking, detached', async () => {
    const payload = '{"Data": {"Amount": "1.10"}}';
    const output = await signed({ payload, form: 'detached', signer: 'org/software' });
    expect(output).toMatchObject({ body: payload, content_type: 'application/json' });
    const [header = '', content, signature = ''] = output.signature.split('.');
    expect(content).toBe('');
    const input = `${header}.${Buffer.from(payload).toString('base64url')}`;
    expect(isOwnSignature(input, signature)).toBe(true);
    expect(decoded(header)).toEqual({
      ...uk({ [`${UK}iss`]: 'org/software', [`${UK}iat`]: expect.any(Number) as number }),
      ...{ alg: 'PS256', kid: expect.any(String) as string, typ: 'JOSE', cty: 'application/json' },
    });
  });

  it('signs the bytes themselves with "b64": false', async () => {
    const payload = '{"Data": "é"}';
    const parameters = { payload, form: 'detached', headerMembers: 'ukUnencoded', signer: 'org' };
    const [header = '', , signature = ''] = (await signed(parameters)).signature.split('.');
    expect(decoded(header)).toMatchObject({ b64: false, crit: ['b64', ...uk().crit] });
    expect(isOwnSignature(`${header}.${payload}`, signature)).toBe(true);
  });

  it('refuses to sign a client assertion', async () => {
    const payload = JSON.stringify({ iss: 'client-1', sub: 'client-1', aud: issuer });
    for (const form of ['jwt', 'compact']) {
      await expect(signed({ payload, form })).rejects.toMatchObject(
        said(/would be a client assertion/),
      );
    }
    await expect(signed({ payload: '{"sub":"client-1"}' })).rejects.toMatchObject(
      said(/client assertion/),
    );
  });

  it.each([
    ['as it is', (claims: string) => claims],
    [
      'in base64url, which a server that ignores "b64" decodes',
      (claims: string) => encoded(JSON.parse(claims)),
    ],
  ])('refuses to sign a client assertion with an unencoded payload %s', async (_name, inForm) => {
    const claims = JSON.stringify({ iss: 'client-1', sub: 'client-1', aud: issuer });
    const parameters = { form: 'detached', headerMembers: 'ukUnencoded', signer: 'org' };
    await expect(signed({ ...parameters, payload: inForm(claims) })).rejects.toMatchObject(
      said(/would be a client assertion/),
    );
  });

  it.each<[string, IDataObject, RegExp]>([
    ['a text as a JWT', { payload: 'hello' }, /"Payload" is no JSON object/],
    ['a list as a JWT', { payload: '[1]' }, /"Payload" is no JSON object/],
    ['an empty text', { payload: ' ', form: 'compact' }, /"Payload" is empty/],
    ['no signer', { payload: '{}', form: 'detached' }, /"Signer" is empty/],
    [
      'an algorithm in the header',
      { payload: '{}', options: { header: '{"alg":"none"}' } },
      /"Further Header Members" contains "alg"/,
    ],
  ])('refuses %s, and names the field', async (_name, parameters, message) => {
    await expect(signed(parameters)).rejects.toMatchObject(said(message));
  });
});

describe('verify', () => {
  it('returns the claims of a JWT that the bank signed, and its header', async () => {
    const claims = { iss: 'bank', aud: ['org', 'x'], data: { id: '1' }, exp: now() + 60 };
    const options = { issuer: 'bank', audience: 'org', claims: '{"data":{"id":"1"}}' };
    const output = await verified({ signed: jwsWith({}, encoded(claims)), options });
    expect(output).toEqual({ payload: claims, header: { alg: 'PS256', kid: 'own' } });
  });

  it('decrypts an encrypted JWT first', async () => {
    const jwt = await encryptedFor(ownKey, jwsWith({}, encoded({ a: 1 })));
    expect(await verified({ signed: jwt })).toMatchObject({ payload: { a: 1 } });
  });

  it.each([
    ['in base64url', uk(), (text: string) => Buffer.from(text).toString('base64url')],
    ['with "b64": false', uk({ b64: false, crit: ['b64', ...uk().crit] }), (text: string) => text],
  ])('verifies a detached signature of the text %s', async (_name, header, input) => {
    const text = '{"Data": "é"} ';
    const parameters = {
      ...{ signature: 'detached', detachedSignature: jwsWith(header, input(text), '') },
      options: { issuer: 'bank', trustAnchor: 'openbanking.org.uk' },
    };
    expect(await verified({ ...parameters, text })).toMatchObject({ payload: { Data: 'é' } });
    const changed = text.trim();
    await expect(verified({ ...parameters, text: changed })).rejects.toMatchObject(
      said(/is not signed/),
    );
  });

  it('verifies what Sign makes', async () => {
    const payload = { data: { id: '1' } };
    const { body } = await signed({ payload: JSON.stringify(payload) });
    expect(await verified({ signed: body })).toMatchObject({ payload });
    const parameters = { payload: 'hello', form: 'detached', signer: 'org' };
    const { signature, body: text } = await signed(parameters);
    const detached = { signature: 'detached', detachedSignature: signature, text };
    expect(await verified(detached)).toMatchObject({ payload: 'hello' });
  });

  const jwt =
    (claims: object, header = {}) =>
    () =>
      jwsWith(header, encoded(claims));
  it.each<[string, () => string | Promise<string>, IDataObject, RegExp]>([
    ['another issuer', jwt({ iss: 'a' }), { issuer: 'b' }, /another "iss" than expected/],
    ['no issuer', jwt({}), { issuer: 'b' }, /has no "iss"/],
    ['another audience', jwt({ aud: ['a'] }), { audience: 'b' }, /another "aud"/],
    ['another claim', jwt({ a: { b: 1 } }), { claims: '{"a":{"b":2}}' }, /another "a"/],
    ['a claim missing', jwt({}), { claims: '{"a":1}' }, /has no "a"/],
    ['no trust anchor', jwt({}), { trustAnchor: 'a' }, /has no "http.*tan"/],
    ['another signer', jwt({}, uk()), { issuer: 'other' }, /another "http.*iss"/],
    ['a later time', jwt({}, uk({ [`${UK}iat`]: now() + 600 })), {}, /issued in the future/],
    ['an end in the past', jwt({ exp: now() - 600 }), {}, /has expired/],
    ['an unknown critical member', jwt({}, { crit: ['x'], x: 1 }), {}, /has "x" in its header/],
    ['no critical member', jwt({}, { crit: [] }), {}, /has "crit" in its header/],
    ['another algorithm', jwt({}, { alg: 'RS256' }), {}, /another algorithm/],
    ['another key', jwt({}, { kid: 'bank-1' }), {}, /not signed with the key "bank-1"/],
    ['no text', () => jwsWith({}, encoded({}), ''), {}, /the text that it signs is not given/],
    [
      'a key that is not ours',
      () => encryptedFor(otherKey, 'a.b.c'),
      {},
      /no key of the credential decrypts it/,
    ],
    ['no JWS', () => 'hello', {}, /is not a signed JSON object/],
  ])('refuses %s', async (_name, made, options, message) => {
    await expect(verified({ signed: await made(), options })).rejects.toMatchObject(said(message));
  });

  it('warns if the payload names a recipient that is not compared', async () => {
    const hintsOf = async (claims: object, options: INodeParameters) => {
      const task = await runNode({
        credential: credential as IDataObject,
        parameters: {
          ...{ resource: 'payload', operation: 'verify', options },
          signed: jwsWith({}, encoded(claims)),
        },
      });
      return (task.hints ?? []).map(({ message }) => message).join(' ');
    };
    expect(await hintsOf({ aud: 'client-2' }, {})).toContain('"aud": "client-2"');
    expect(await hintsOf({ aud: 'client-2' }, { audience: 'client-2' })).toBe('');
    expect(await hintsOf({ a: 1 }, {})).toBe('');
  });

  it('refuses a text beside a signature that contains one', async () => {
    const detachedSignature = jwsWith({}, encoded({ a: 1 }));
    await expect(
      verified({ signature: 'detached', detachedSignature, text: '{"a":2}' }),
    ).rejects.toMatchObject(said(/contains the text that it signs, and another text is given/));
  });

  it('says how to get the text if the body was parsed', async () => {
    const parameters = {
      signature: 'detached',
      detachedSignature: 'a..b',
      text: '={{ $json.body }}',
    };
    const body = { Data: {} };
    await expect(run('verify', parameters, { body })).rejects.toMatchObject({
      message: '"Text" is empty',
      description: expect.stringContaining('"Response Format" → "Text"') as string,
    });
  });
});
