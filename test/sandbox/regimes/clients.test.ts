import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createPrivateKey, createHash, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import { sandboxWithThirdParty } from '../sandboxWithThirdParty';

const at = sandboxWithThirdParty();

const form = { grant_type: 'client_credentials', scope: 'accounts' };

/** `client_secret_basic` (RFC 6749 section 2.3.1). */
function basic(clientId: string, secret: string): Record<string, string> {
  const encoded = [clientId, secret].map((text) =>
    String(new URLSearchParams({ '': text })).slice(1),
  );
  return { authorization: `Basic ${Buffer.from(encoded.join(':')).toString('base64')}` };
}

function send(headers: Record<string, string>, body: Record<string, string>) {
  return at.thirdParty.call(at.bank.ready.issuer, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: String(new URLSearchParams({ ...form, ...body })),
  });
}

describe('a client with a secret', () => {
  it('is accepted with it in the header', async () => {
    const { secretBasicClientId, clientSecret } = at.bank.ready;
    const { status, body } = await send(basic(secretBasicClientId, clientSecret), {});
    expect([status, body.expires_in]).toEqual([200, 3_600]);
  });

  it('is accepted with it in the form', async () => {
    const { secretPostClientId, clientSecret } = at.bank.ready;
    const body = { client_id: secretPostClientId, client_secret: clientSecret };
    expect((await send({}, body)).status).toBe(200);
  });

  it.each(['secretBasicClientId', 'secretPostClientId'] as const)(
    'is refused with another one (%s)',
    async (name) => {
      const clientId = at.bank.ready[name];
      const { status, text } =
        name === 'secretBasicClientId'
          ? await send(basic(clientId, 'wrong'), {})
          : await send({}, { client_id: clientId, client_secret: 'wrong' });
      expect([status, text]).toEqual([401, expect.stringContaining('invalid_client')]);
    },
  );
});

/** Calls the bank with a certificate and key of its files. */
function callWith(
  certificate: string,
  key: string,
  url: string,
  options: { token?: string; body?: Record<string, string> },
): Promise<{ status: number; text: string }> {
  const { files } = at.bank.ready;
  const agent = new Agent({
    ca: readFileSync(files.certificateAuthority),
    cert: readFileSync(certificate),
    key: readFileSync(key),
  });
  return new Promise((done, fail) => {
    const headers = {
      ...(options.token && { authorization: `Bearer ${options.token}` }),
      ...(options.body && { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const method = options.body ? 'POST' : 'GET';
    const call = request(url, { method, agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += String(chunk)));
      response.on('end', () => done({ status: response.statusCode ?? 0, text }));
    });
    call.on('error', fail);
    call.end(options.body && String(new URLSearchParams(options.body)));
  });
}

describe('a client with a certificate that it signed itself', () => {
  it('gets a token, and reaches the account API with it', async () => {
    const { files, issuer, gatewayUrl, selfSignedClientId } = at.bank.ready;
    const { selfSignedCertificate: certificate, selfSignedKey: key } = files;
    const body = { ...form, client_id: selfSignedClientId };
    const { status, text } = await callWith(certificate, key, issuer, { body });
    expect(status).toBe(200);
    const { access_token: token } = JSON.parse(text) as { access_token: string };
    const url = `${gatewayUrl}/open-banking/v3.1/aisp/account-access-consents/unknown`;
    const answer = await callWith(certificate, key, url, { token });
    expect(answer.text).toContain('There is no such consent');
  });

  it('is refused with another certificate', async () => {
    const { files, issuer, selfSignedClientId } = at.bank.ready;
    const body = { ...form, client_id: selfSignedClientId };
    const { status } = await callWith(files.clientCertificate, files.clientKey, issuer, { body });
    expect(status).toBe(401);
  });
});

describe('the second key of a client', () => {
  /** Asks for a token with an assertion that one of both keys has signed. */
  async function statusWith(which: 'current' | 'next'): Promise<number> {
    const { files } = at.bank.ready;
    const key = which === 'next' ? files.nextClientKey : files.clientKey;
    const certificate = which === 'next' ? files.nextClientCertificate : files.clientCertificate;
    const kid = createHash('sha1')
      .update(new X509Certificate(readFileSync(certificate)).raw)
      .digest('base64url');
    const { clientId, issuer } = at.bank.ready;
    const now = Math.floor(Date.now() / 1000);
    const assertion = await new SignJWT({ iss: clientId, sub: clientId, aud: issuer })
      .setProtectedHeader({ alg: 'PS256', kid })
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .setJti(`${which}-${Math.random()}`)
      .sign(createPrivateKey(readFileSync(key)));
    return (await at.thirdParty.token({ ...form, client_assertion: assertion })).status;
  }

  it.each([
    [
      ['current', 'next'],
      [200, 200],
    ],
    [['current'], [200, 401]],
    [['next'], [401, 200]],
  ] as const)('is known as the bank registers it: %j', async (known, statuses) => {
    await at.bank.registerKeys(known);
    expect([await statusWith('current'), await statusWith('next')]).toEqual(statuses);
  });
});
