import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { authenticateRequest } from '../../credentials/authenticateRequest';
import { customCredential } from '../support/bank/credential';

const KEY = 'k-5f1e-9c0d';

let credential: ICredentialDataDecryptedObject;
beforeAll(async () => {
  credential = {
    ...(await customCredential('https://bank.example')),
    accountApiUrl: 'https://api.bank.example/aisp',
    apiHosts: 'payments.bank.example',
    accountApiHeaders: `X-Api-Key: ${KEY}`,
  };
});

/** The headers of a request, whose token the workflow sets. */
const headersFor = async (url: string, changes: object = {}, headers: object = {}) => {
  const given = { Authorization: 'Bearer at-1', ...headers };
  const sent = await authenticateRequest(
    { ...credential, ...changes },
    {
      url,
      headers: given,
    },
  );
  return sent.headers;
};

const modes = ['certificate', 'application', 'consent'].map((authorizeWith) => ({ authorizeWith }));

describe.each(modes)('an HTTP request with the credential ($authorizeWith)', (mode) => {
  it.each(['https://api.bank.example/aisp/accounts', 'https://API.bank.example:443/other?page=2'])(
    'to the host of the account API has its headers: %s',
    async (url) => {
      expect(await headersFor(url, mode)).toMatchObject({ 'X-Api-Key': KEY });
    },
  );

  it.each(['https://payments.bank.example/aisp/accounts', 'https://bank.example/aisp/accounts'])(
    'to another host of the bank does not have them: %s',
    async (url) => {
      expect(JSON.stringify(await headersFor(url, mode))).not.toContain(KEY);
    },
  );

  it('keeps a header that the node sets itself, whatever its case', async () => {
    const url = 'https://api.bank.example/aisp/accounts';
    const headers = await headersFor(url, mode, { 'x-api-KEY': 'mine' });
    expect(headers).toMatchObject({ 'x-api-KEY': 'mine' });
    expect(headers).not.toHaveProperty('X-Api-Key');
  });
});

it('an HTTP request to any other server with the certificate alone does not have them', async () => {
  for (const url of [
    'https://other.example/aisp/accounts',
    'https://api.bank.example:8443/aisp/accounts',
    'https://api.bank.example.other.example/aisp',
  ]) {
    expect(JSON.stringify(await headersFor(url))).not.toContain(KEY);
  }
});

it('an HTTP request has none of them if the credential names no account API', async () => {
  const url = 'https://api.bank.example/aisp/accounts';
  expect(JSON.stringify(await headersFor(url, { accountApiUrl: '' }))).not.toContain(KEY);
});
