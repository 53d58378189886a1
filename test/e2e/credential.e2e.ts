import { join } from 'node:path';
import { pkcs12Of } from '../support/keys/pkcs12';
import type { Sandbox } from '../support/bank/sandbox';
import type { CredentialForm } from './editor';
import { formValues, pemOf, startEditorWithBank } from './editorWithBank';
import { closeAll } from './opened';
import { pictures } from './pictures';

let bank: Sandbox;
let form: CredentialForm;

beforeAll(async () => {
  const started = await startEditorWithBank('/home/credentials');
  bank = started.bank;
  form = await started.editor.newCredential(started.server);
});

afterAll(closeAll);

const pem = (file: keyof Sandbox['ready']['files']) => pemOf(bank, file);

/** The fields of this package in the form, without the switch. */
async function ownFields(): Promise<string[]> {
  const labels = await form.labels();
  return labels.filter((label) => !['Use Custom Settings', N8N_FIELD].includes(label));
}

/** n8n adds it to each credential that HTTP Request can use. */
const N8N_FIELD = 'Allowed HTTP Request Domains';

it('the form of a new credential begins with a notice, and shows the fields for the values of the bank’s e-mail', async () => {
  await form.notice('Fill in what the bank').waitFor();
  expect(await form.labels()).toEqual([
    ...['Bank', 'Regime', 'Host', 'API Gateway Host', 'Client ID', 'Key Format'],
    ...['Transport Certificate', 'Transport Private Key', 'Passphrase'],
    ...['Certificate Authorities', 'Redirect URI', 'Scope', 'Authorize HTTP Requests With'],
    ...['Use Custom Settings', N8N_FIELD],
  ]);
});

it('the form shows at most thirteen fields for WSO2, and fourteen for discovery, while the switch is off', async () => {
  for (const [bank, most] of Object.entries({ Discovery: 14, 'WSO2 Open Banking': 13 })) {
    await form.choose('bank', bank);
    for (const keyFormat of ['PKCS #12', 'PEM']) {
      await form.choose('keyFormat', keyFormat);
      for (const token of ["A Consent's Token", 'Application Token', 'Client Certificate Only']) {
        await form.choose('authorizeWith', token);
        expect((await ownFields()).length).toBeLessThanOrEqual(most);
      }
    }
  }
});

it('the form shows only the fields that the chosen bank and key format need', async () => {
  await form.choose('bank', 'Custom Endpoints');
  expect(await form.labels()).toEqual(
    expect.arrayContaining(['Issuer', 'Token Endpoint', 'Refresh Endpoint', 'JWKS URL']),
  );
  expect(await form.labels()).not.toContain('Host');
  await form.choose('bank', 'Discovery');
  expect(await form.labels()).toContain('Issuer');
  for (const hidden of ['Host', 'API Gateway Host', 'Token Endpoint', 'JWKS URL']) {
    expect(await form.labels()).not.toContain(hidden);
  }
  await form.choose('bank', 'WSO2 Open Banking');
  await form.choose('keyFormat', 'PKCS #12');
  expect(await form.labels()).toContain('PKCS #12 File');
  expect(await form.labels()).not.toContain('Transport Private Key');
  await form.choose('keyFormat', 'PEM');
  expect(await form.labels()).not.toContain('PKCS #12 File');
});

it('the form shows all other settings if the switch is on', async () => {
  const before = await form.labels();
  await form.flip('useCustomSettings');
  await form.choose('authorizeWith', "A Consent's Token");
  const added = (await form.labels()).filter((label) => !before.includes(label));
  expect(added).toEqual(
    expect.arrayContaining([
      ...['Refresh At', 'Consent', 'First Refresh Token', 'Keep Tokens In', 'Encryption Key'],
      ...['Client Authentication', 'Signature Algorithm', 'Key ID From', 'Audience'],
      ...['Connect Timeout (Seconds)', 'Request Timeout (Seconds)'],
    ]),
  );
  await form.choose('authorizeWith', 'Client Certificate Only');
  await form.flip('useCustomSettings');
  expect(await form.labels()).toEqual(before);
});

it('the test of a form that was filled in by hand succeeds', async () => {
  const values = await formValues(bank);
  for (const [name, value] of Object.entries(values)) await form.fillIn(name, value);
  await bank.clearRequests();
  expect(await form.test()).toEqual({ ok: true, details: '' });
  const asked = (await bank.requests()).map(({ method, path }) => `${method} ${path}`);
  expect(asked).toContain('POST /oauth2/token');
  if (pictures) await form.picture(join(pictures, 'credential-tested.png'));
});

it('the form accepts certificate and key in one file', async () => {
  await form.choose('keyFormat', 'PKCS #12');
  await form.fillIn('passphrase', 'secret');
  const file = { certificate: pem('clientCertificate'), privateKey: pem('clientKey') };
  await form.fillIn('pkcs12', pkcs12Of(file, 'secret'));
  expect(await form.test()).toEqual({ ok: true, details: '' });
  await form.fillIn('passphrase', 'wrong');
  expect(await form.test()).toEqual({
    ok: false,
    details: expect.stringMatching(
      /"PKCS #12 File" does not open: the passphrase is wrong.*\(passphrase-wrong\)/s,
    ) as string,
  });
  await form.fillIn('passphrase', '');
  await form.choose('keyFormat', 'PEM');
  expect(await form.test()).toEqual({ ok: true, details: '' });
});

it.each<[string, string, () => [string, string], string, RegExp]>([
  [
    'the key of another certificate',
    'transportPrivateKey',
    () => [pem('otherClientKey'), pem('clientKey')],
    'credential-wrong-key.png',
    /"Transport Private Key" does not belong to "Transport Certificate".*\(key-certificate-mismatch\)/s,
  ],
  [
    'a client that the bank does not know',
    'clientId',
    () => ['nobody', bank.ready.clientId],
    'credential-unknown-client.png',
    /A valid OAuth client could not be found.*Copy "Client ID".*\(client-unknown\).*Proven before: .*TLS to "localhost:\d+" stands/s,
  ],
  [
    "no authority for the bank's certificate",
    'certificateAuthorities',
    () => ['', pem('certificateAuthority')],
    'credential-unknown-authority.png',
    /not trusted here.*paste that authority's certificate.*\(server-certificate-unknown-authority\)/s,
  ],
  [
    'a bank that is down',
    'host',
    () => ['localhost:1', new URL(bank.ready.identityUrl).host],
    'credential-bank-down.png',
    /"localhost:1" \("Host" in the credential\) cannot be reached from here.*\(host-unreachable\)/s,
  ],
])('names %s', async (_, field, values, picture, details) => {
  const [wrong, right] = values();
  await form.fillIn(field, wrong);
  const result = await form.test();
  expect(result).toEqual({ ok: false, details: expect.stringMatching(details) as string });
  if (pictures) await form.picture(join(pictures, picture));
  await form.fillIn(field, right);
});

it('asks for a client secret below the choice that needs it, and the bank accepts it with the certificate', async () => {
  await form.flip('useCustomSettings');
  expect(await form.labels()).not.toContain('Client Secret');
  for (const [choice, clientId] of [
    ['Client Secret in the Form', bank.ready.secretPostClientId],
    ['Client Secret in the Header', bank.ready.secretBasicClientId],
  ] as const) {
    await form.choose('clientAuthentication', choice);
    const labels = await form.labels();
    expect(labels[labels.indexOf('Client Authentication') + 1]).toBe('Client Secret');
    await form.fillIn('clientId', clientId);
    await form.fillIn('clientSecret', 'another secret of the client');
    expect(await form.test()).toEqual({
      ok: false,
      details: expect.stringMatching(/copy "Client ID" and "Client Secret" again/) as string,
    });
    await form.fillIn('clientSecret', `${bank.ready.clientSecret} `);
    expect(await form.test()).toEqual({ ok: true, details: '' });
  }
  await form.choose('clientAuthentication', 'Signed Client Assertion');
  expect(await form.labels()).not.toContain('Client Secret');
  await form.fillIn('clientId', bank.ready.clientId);
  expect(await form.test()).toEqual({ ok: true, details: '' });
});
