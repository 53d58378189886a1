import { readFile } from 'node:fs/promises';
import type { IDataObject } from 'n8n-workflow';
import { credentialAtSandbox, failure, get } from './credentialAtSandbox';

const at = credentialAtSandbox();
const { accounts, authenticate } = at;

describe('client certificate only', () => {
  it('adds only the certificate, the authorities and an interaction ID, and switches redirects off', async () => {
    const given = { url: accounts(), headers: { Accept: 'application/json' } };
    const options = await authenticate(at.credential, given);
    expect(options).toEqual({
      ...{ url: given.url, uri: given.url },
      headers: {
        Accept: 'application/json',
        'x-fapi-interaction-id': expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
      },
      followRedirect: false,
      followAllRedirects: false,
      disableFollowRedirect: true,
      maxRedirects: 0,
      sendCredentialsOnCrossOriginRedirect: false,
      rejectUnauthorized: true,
      skipSslCertificateValidation: false,
      agentOptions: {
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2',
        checkServerIdentity: expect.any(Function),
        cert: at.credential.transportCertificate,
        key: at.credential.transportPrivateKey,
        passphrase: undefined,
        ca: at.credential.certificateAuthorities,
      },
    });
  });

  it('does not change the given options, which n8n stores with the execution', async () => {
    const given = Object.freeze({
      url: accounts(),
      headers: Object.freeze({ Accept: 'a' }),
      agentOptions: Object.freeze({ cert: 'my certificate', key: 'my key' }),
    });
    const options = await authenticate(at.credential, given);
    expect(options).not.toBe(given);
    expect(JSON.stringify(given)).not.toContain('PRIVATE KEY');
  });

  it('keeps the certificate and the headers that the user set', async () => {
    const options = await authenticate(at.credential, {
      url: accounts(),
      headers: { authorization: 'Bearer mine', 'X-FAPI-Interaction-ID': 'mine' },
      agentOptions: { cert: 'my certificate', key: 'my key' },
    });
    expect(options.headers).toEqual({
      authorization: 'Bearer mine',
      'X-FAPI-Interaction-ID': 'mine',
    });
    expect(options.agentOptions).toMatchObject({
      cert: 'my certificate',
      key: 'my key',
      ca: at.credential.certificateAuthorities,
    });
    expect(options.agentOptions).not.toHaveProperty('passphrase');
  });

  it('opens an encrypted key', async () => {
    const transportPrivateKey = await readFile(at.bank.ready.files.encryptedClientKey, 'utf8');
    const encrypted = { ...at.credential, transportPrivateKey, passphrase: 'sandbox' };
    const options = await authenticate(encrypted, { url: accounts() });
    // The gateway accepts the certificate, and refuses the missing token.
    expect(await get(options)).toBe(401);
  });

  it('rejects a malformed private key', async () => {
    await expect(
      authenticate({ ...at.credential, transportPrivateKey: 'x' }, { url: accounts() }),
    ).rejects.toMatchObject(failure('private-key-malformed'));
  });
});

describe('the financial ID', () => {
  const sent = async (
    changes: IDataObject,
    headers: IDataObject = {},
    url = accounts(),
  ): Promise<IDataObject> =>
    (
      await authenticate(
        { ...at.credential, financialId: 'bank-1', ...changes },
        {
          url,
          headers,
        },
      )
    ).headers as IDataObject;
  const application = { authorizeWith: 'application' };

  it('is sent in the modes that set a token, also beside a token of the node', async () => {
    expect(await sent(application)).toMatchObject({ 'x-fapi-financial-id': 'bank-1' });
    expect(await sent({ authorizeWith: 'consent' }, { Authorization: 'Bearer mine' })).toEqual({
      Authorization: 'Bearer mine',
      'x-fapi-financial-id': 'bank-1',
      'x-fapi-interaction-id': expect.any(String),
    });
  });

  it('is not sent in the mode that names no host', async () => {
    expect(await sent({ authorizeWith: 'certificate' })).not.toHaveProperty('x-fapi-financial-id');
  });

  it('is not sent if the credential has none, or the node sets the header', async () => {
    expect(await sent({ ...application, financialId: ' ' })).not.toHaveProperty(
      'x-fapi-financial-id',
    );
    const own = await sent(application, { 'X-FAPI-Financial-ID': 'mine' });
    expect(own).toMatchObject({ 'X-FAPI-Financial-ID': 'mine' });
    expect(own).not.toHaveProperty('x-fapi-financial-id');
  });

  it('goes to no other host than those of the credential', async () => {
    await expect(sent(application, {}, 'https://other.example/accounts')).rejects.toMatchObject(
      failure('host-not-allowed'),
    );
  });
});

it('sends a token to the host of "Account API URL"', async () => {
  const mode = {
    ...at.credential,
    ...{ authorizeWith: 'application', accountApiUrl: 'https://rs.bank.example/aisp/accounts' },
  };
  const { headers } = await authenticate(mode, { url: 'https://rs.bank.example/other' });
  expect(headers).toHaveProperty('Authorization');
  await expect(
    authenticate(mode, { url: 'https://rs.bank.example:8443/aisp' }),
  ).rejects.toMatchObject(failure('host-not-allowed'));
});

describe('the result', () => {
  it.each(['certificate', 'application'])(
    'does not have the header of the consent in the mode "%s"',
    async (authorizeWith) => {
      const { headers } = await authenticate(
        { ...at.credential, authorizeWith },
        {
          url: accounts(),
          headers: { Authorization: 'Bearer mine', 'X-Open-Banking-Consent': 'a' },
        },
      );
      expect(Object.keys(headers!).sort()).toEqual(['Authorization', 'x-fapi-interaction-id']);
    },
  );

  it('is an error if the node names a consent and sets a token itself', async () => {
    const headers = { Authorization: 'Bearer mine', 'x-open-banking-consent': 'a' };
    await expect(
      authenticate({ ...at.credential, authorizeWith: 'consent' }, { url: accounts(), headers }),
    ).rejects.toMatchObject(failure('header-malformed'));
  });

  it('is an error if neither the node nor the credential names a consent', async () => {
    await expect(
      authenticate({ ...at.credential, authorizeWith: 'consent' }, { url: accounts() }),
    ).rejects.toMatchObject({
      ...failure('input-missing'),
      description: expect.stringContaining('x-open-banking-consent'),
    });
  });

  it('has a token in place of an empty Authorization header, or is an error', async () => {
    const headers = { Authorization: undefined };
    await expect(authenticate(at.credential, { url: accounts(), headers })).rejects.toMatchObject({
      ...failure('header-malformed'),
      message: 'The header "Authorization" is empty',
    });
    const application = { ...at.credential, authorizeWith: 'application' };
    const set = await authenticate(application, { url: accounts(), headers });
    expect(set.headers).toMatchObject({ Authorization: expect.stringMatching(/^Bearer \S+$/) });
  });
});
