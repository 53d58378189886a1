import { randomBytes } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import { issuer } from '../../support/bank/idTokens';
import {
  certificateAuthority,
  clientCertificate,
  generatePrivateKey,
  pemOf,
} from '../../support/keys/certificates';
import { pkcs12Of } from '../../support/keys/pkcs12';
import type { Marks } from './marks';

/** The secrets of the credentials, and values made of them. All are marked. */
export interface Identity {
  /** The fields of a good credential, except the addresses of the bank. It has each kind of secret. */
  fields: Record<string, unknown>;
  /** A private key that belongs to no certificate, in PEM. */
  otherKey: string;
  /** A private key for which somebody chose the wrong field. Items of workflows have it, so outputs may have it. */
  pastedKey: string;
  /** The client certificate and its key in PKCS#12, base64. */
  pkcs12: string;
  /** The passphrase of key and PKCS#12. */
  passphrase: string;
  /** The key of the client certificate as JWK. */
  jwk: string;
  /** The secret of a client that authenticates itself with one. */
  clientSecret: string;
}

/** When the next keys are used: soon after the test, and before the certificate ends. */
const EXCHANGE = new Date(Date.now() + 6 * 60 * 60 * 1000).toISOString();

/** Makes the secrets, and marks them. */
export async function markedIdentity(marks: Marks): Promise<Identity> {
  const transport = generatePrivateKey('rsa');
  const passphrase = marks.never('the passphrase', `p/"${random()}"&<+x=`);
  const signingPassphrase = marks.never('the signing passphrase', `s/"${random()}"&<+x=`);
  const { certificate, privateKey } = await clientCertificate({ key: transport });
  marks.privateKey('the transport key', privateKey);
  const encrypted = pemOf(transport, passphrase);
  marks.privateKey('the encrypted transport key', encrypted, passphrase);
  const signing = pemOf(generatePrivateKey('rsa'), signingPassphrase);
  marks.privateKey('the signing key', signing, signingPassphrase);
  const decryptionPassphrase = marks.never('the decryption passphrase', `d/"${random()}"&<+x=`);
  const decryptionKeys = pemOf(generatePrivateKey('rsa'), decryptionPassphrase);
  marks.privateKey('the decryption key', decryptionKeys, decryptionPassphrase);
  const nextPassphrase = marks.never('the next passphrase', `n/"${random()}"&<+x=`);
  const nextSigningPassphrase = marks.never('the next signing passphrase', `o/"${random()}"&<+x=`);
  const nextTransport = generatePrivateKey('rsa');
  const next = await clientCertificate({ key: nextTransport });
  const nextTransportPrivateKey = pemOf(nextTransport, nextPassphrase);
  marks.privateKey('the next transport key', nextTransportPrivateKey, nextPassphrase);
  const nextSigningPrivateKey = pemOf(generatePrivateKey('rsa'), nextSigningPassphrase);
  marks.privateKey('the next signing key', nextSigningPrivateKey, nextSigningPassphrase);
  const otherKey = marks.privateKey('another key', pemOf(generatePrivateKey('rsa')));
  const pastedKey = pemOf(generatePrivateKey('rsa'));
  marks.privateKey('the pasted key', pastedKey, undefined, true);
  const pkcs12 = pkcs12Of({ certificate, privateKey }, passphrase);
  marks.never('the PKCS #12 file', pkcs12);
  const jwk = JSON.stringify(createPrivateKey(privateKey).export({ format: 'jwk' }));
  const clientSecret = marks.never('the client secret', `c/"${random()}"&<+x=`);
  const inHeader = new URLSearchParams([['', clientSecret]]).toString().slice(1);
  marks.never('the client secret as the header encodes it', inHeader);
  return {
    ...{ otherKey, pastedKey, pkcs12, passphrase, jwk, clientSecret },
    fields: {
      ...{ bank: 'custom', issuer, clientId: 'client-1', scope: 'accounts' },
      ...{ redirectUri: 'https://app.example/redirect', useCustomSettings: true },
      ...{ transportCertificate: certificate, transportPrivateKey: encrypted, passphrase },
      ...{ separateSigningKey: true, signingPrivateKey: signing, signingPassphrase },
      ...{ keyIdSource: 'jwk', authorizeWith: 'certificate' },
      ...{ decryptionKeys, decryptionPassphrase },
      ...{ exchangeKeys: true, nextKeysFrom: EXCHANGE, nextPassphrase, nextSigningPassphrase },
      ...{ nextTransportCertificate: next.certificate, nextTransportPrivateKey },
      ...{ nextSigningPrivateKey },
      certificateAuthorities: (await certificateAuthority()).certificate,
      extraHeaders: `x-api-key: ${marks.never('an extra header', `h/"${random()}"&<+x=`)}`,
      accountApiHeaders: `x-account-key: ${marks.never('an account API header', `a/"${random()}"&<+x=`)}`,
      encryptionKey: marks.never('the encryption key', `e/"${random()}"&<+x=`),
    },
  };
}

/** A secret that a text has in the middle, with no character that ends a part of an address. */
export function markedWord(marks: Marks, name: string): string {
  return marks.never(name, `${random()}.${random()}`);
}

const random = () => randomBytes(18).toString('base64url');
