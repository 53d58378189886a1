import { createPrivateKey } from 'node:crypto';
import { assertionFault } from '../../bench/bank/assertionFault.mjs';
import { keyIdOf } from '../../bench/certificates';
import { clientAssertion } from '../../core/oauth/jwt/clientAssertion';
import type { SigningAlgorithm } from '../../core/keys/algorithms';
import { clientCertificate, generatePrivateKey, pemOf } from '../support/keys/certificates';

const AUDIENCE = 'https://localhost/token';

async function judged(changes: {
  algorithm?: SigningAlgorithm;
  client?: string;
  audience?: string;
  now?: Date;
  privateKey?: string;
  keyId?: string;
}) {
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
  const { algorithm = 'PS256', client = 'client', audience = AUDIENCE, now } = changes;
  const key = createPrivateKey(changes.privateKey ?? privateKey);
  const expectedKeyId = keyIdOf(certificate);
  const { keyId = expectedKeyId } = changes;
  const signer = { algorithm, key, keyId, type: 'JWT' as const };
  const assertion = await clientAssertion(signer, client, audience, now);
  const expected = {
    clientCertificate: certificate,
    clientId: 'client',
    keyId: expectedKeyId,
    audience: AUDIENCE,
  };
  return { assertion, expected, fault: assertionFault(assertion, expected) };
}

it('accepts a valid assertion the first time, and rejects it the second time', async () => {
  const { assertion, expected, fault } = await judged({});
  expect(fault).toBeUndefined();
  expect(assertionFault(assertion, expected)).toBe('used before');
});

it.each([
  [{ algorithm: 'RS256' }, 'not signed with PS256'],
  [{ keyId: 'other' }, 'another key ID'],
  [{ keyId: '' }, 'another key ID'],
  [{ client: 'other' }, 'another client'],
  [{ audience: 'https://elsewhere/token' }, 'another audience'],
  [{ now: new Date(Date.now() - 120_000) }, 'expired'],
  [{ privateKey: pemOf(generatePrivateKey('rsa')) }, 'wrong signature'],
] as const)('rejects an assertion with %j as: %s', async (changes, fault) => {
  expect((await judged(changes)).fault).toBe(fault);
});
