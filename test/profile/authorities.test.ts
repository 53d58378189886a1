import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { createProfile } from '../../core/profile/profile';
import { customCredential } from '../support/bank/credential';
import { certificateAuthority } from '../support/keys/certificates';
import { tlsServer } from '../support/servers/closing';
import { post } from '../transport/attempt';

const identityOf = async (changes: object) =>
  (await createProfile({ ...(await customCredential('https://bank.example')), ...changes }))
    .identity;

const countOf = (pem = '') => pem.split('-----BEGIN CERTIFICATE-----').length - 1;

it('own authorities replace the well-known ones', async () => {
  const { certificateAuthorities, trustsWellKnown } = await identityOf({});
  expect(countOf(certificateAuthorities)).toBe(1);
  expect(trustsWellKnown).toBeFalsy();
});

it('own authorities are added to the well-known ones if the switch is on', async () => {
  const identity = await identityOf({ trustWellKnownAuthorities: true });
  expect(identity.trustsWellKnown).toBe(true);
  expect(countOf(identity.certificateAuthorities)).toBeGreaterThanOrEqual(
    rootCertificates.length + 1,
  );
  const { url } = await tlsServer();
  expect((await post(url, { identity })).status).toBe(200);
});

it('the well-known authorities alone are left to Node.js, also if the switch is on', async () => {
  const identity = await identityOf({
    certificateAuthorities: ' ',
    trustWellKnownAuthorities: true,
  });
  expect(identity.certificateAuthorities).toBeUndefined();
  expect(identity.trustsWellKnown).toBeUndefined();
});

it('the authorities of NODE_EXTRA_CA_CERTS count as well-known', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'open-banking-authorities-'));
  const file = join(folder, 'extra.pem');
  const { certificate } = await certificateAuthority('Extra CA');
  await writeFile(file, certificate);
  const print = async (extra: string): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...['--no-warnings', '--require', 'tsx/cjs', '-e'],
        "console.log(require('./core/transport/wellKnownAuthorities').wellKnownAuthorities())",
      ],
      {
        cwd: resolve(__dirname, '../..'),
        env: { ...process.env, NODE_EXTRA_CA_CERTS: extra },
        maxBuffer: 10_000_000,
      },
    );
    return stdout;
  };
  const withExtra = await print(file);
  await rm(folder, { recursive: true });
  expect(withExtra.replace(/\s/g, '')).toContain(certificate.replace(/\s/g, ''));
  expect(countOf(await print(file))).toBe(countOf(withExtra) - 1);
});
