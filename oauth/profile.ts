import { createHash, type KeyObject } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { TlsIdentity, Timeouts } from '../transport/identity';
import { LeastRecentlyUsed } from '../transport/leastRecentlyUsed';
import { audienceOf, type Audience } from './audience';
import { parseCertificateAuthorities, parseCertificates } from './certificates';
import { knownEndpoints, type Endpoints } from './endpoints';
import { keyIdOf } from './keyId';
import { assertAlgorithmFits, assertKeyFitsCertificate, parsePrivateKey } from './keys';
import type { BankSettings, SigningAlgorithm } from './settings';
import { httpsUrl } from './url';
import { isVschar } from './vschar';

/** What signs client assertions. */
export interface AssertionSigner {
  readonly algorithm: SigningAlgorithm;
  readonly keyId: string;
  readonly key: KeyObject;
  /** `typ` of the assertion's header. */
  readonly type: 'JWT' | 'client-authentication+jwt';
}

/** Bank settings that were found complete and consistent, with their keys parsed. */
export interface Profile {
  /** The endpoints, or the issuer whose metadata tells them. */
  readonly bank: { readonly endpoints: Endpoints } | { readonly discover: string };
  readonly clientId: string;
  readonly identity: TlsIdentity;
  /** Nothing where the certificate alone authenticates the client (`tls_client_auth`). */
  readonly signer?: AssertionSigner;
  readonly audience: Audience;
  /** Opens encrypted ID tokens. */
  readonly decryptionKey: KeyObject;
  readonly idTokenAlgorithm: SigningAlgorithm;
  /** May be empty: only an exchange needs it. */
  readonly redirectUri: string;
  /** May be empty. */
  readonly scope: string;
  readonly timeouts: Timeouts;
}

/** 1,000 at most; those of refused settings are not kept. */
const profiles = new LeastRecentlyUsed<Promise<Profile>>(1000);

/**
 * The profile of these settings: validated and parsed once, then from memory.
 *
 * @throws OpenBankingError of the stage `configuration`
 */
export function profileOf(settings: BankSettings): Promise<Profile> {
  // Kept under a digest, so that the map's names hold no key.
  const fingerprint = digest(settings);
  return profiles.obtain(fingerprint, () => {
    const profile = createProfile(settings);
    profile.catch(() => profiles.delete(fingerprint, profile));
    return profile;
  });
}

/**
 * Validates settings, without the network.
 *
 * @throws OpenBankingError of the stage `configuration`, for the first field at fault
 */
export async function createProfile(given: BankSettings): Promise<Profile> {
  const settings = textual(given);
  const bank =
    settings.bank === 'discovery'
      ? { discover: httpsUrl(settings.issuer, 'Issuer') }
      : { endpoints: knownEndpoints(settings) };
  const clientId = clientIdOf(settings);
  const audience = audienceOf(settings);

  const chain = parseCertificates(settings.transportCertificate, 'Transport Certificate');
  const transportKey = parsePrivateKey(
    settings.transportPrivateKey,
    settings.passphrase,
    'Transport Private Key',
  );
  assertKeyFitsCertificate(
    transportKey,
    chain[0],
    'Transport Private Key',
    'Transport Certificate',
  );
  const signingKey = settings.separateSigningKey
    ? parsePrivateKey(settings.signingPrivateKey, settings.signingPassphrase, 'Signing Private Key')
    : transportKey;

  return {
    bank,
    clientId,
    identity: identityOf(settings),
    signer:
      settings.clientAuthentication === 'tls_client_auth'
        ? undefined
        : await signerOf(settings, signingKey, chain[0]),
    audience,
    decryptionKey: signingKey,
    idTokenAlgorithm: settings.idTokenAlgorithm || 'PS256',
    redirectUri: settings.redirectUri?.trim() ?? '',
    scope: settings.scope?.trim() ?? '',
    timeouts: {
      connect: milliseconds(settings.connectTimeout, 10, 'Connect Timeout'),
      request: milliseconds(settings.requestTimeout, 30, 'Request Timeout'),
    },
  };
}

/** A field that holds an expression may yield a number, nothing, or something that is no setting at all. */
function textual(given: BankSettings): BankSettings {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'object') {
      throw new OpenBankingError('setting-malformed', {
        message: `"${name}" of the credential is not text`,
        description: 'An expression in this field yields an object or a list: let it yield text.',
      });
    }
    settings[name] = typeof value === 'number' ? String(value) : value;
  }
  return settings;
}

function clientIdOf({ clientId }: BankSettings): string {
  const value = clientId?.trim();
  if (!value) throw new OpenBankingError('client-id-missing', { message: '"Client ID" is empty' });
  if (!isVschar(value)) {
    throw new OpenBankingError('client-id-malformed', {
      message: '"Client ID" contains characters that no client ID has',
    });
  }
  return value;
}

function identityOf(settings: BankSettings): TlsIdentity {
  // As the person wrote them: n8n hides secrets in stored executions only where they equal a field to the letter.
  const identity = {
    certificate: settings.transportCertificate!,
    privateKey: settings.transportPrivateKey!,
    passphrase: settings.passphrase || undefined,
    certificateAuthorities: parseCertificateAuthorities(
      settings.certificateAuthorities,
      'Certificate Authorities',
    ),
  };
  return { ...identity, fingerprint: digest(identity) };
}

async function signerOf(
  settings: BankSettings,
  key: KeyObject,
  transportCertificate: ReturnType<typeof parseCertificates>[0],
): Promise<AssertionSigner> {
  const separate = settings.separateSigningKey;
  const label = separate ? 'Signing Private Key' : 'Transport Private Key';
  const algorithm = settings.algorithm || 'PS256';
  assertAlgorithmFits(algorithm, key, label);
  let certificate: typeof transportCertificate | undefined = transportCertificate;
  if (separate) {
    certificate = settings.signingCertificate?.trim()
      ? parseCertificates(settings.signingCertificate, 'Signing Certificate')[0]
      : undefined;
    if (certificate) assertKeyFitsCertificate(key, certificate, label, 'Signing Certificate');
  }
  return {
    algorithm,
    key,
    keyId: await keyIdOf(settings.keyIdSource || 'x5t', settings.keyId, key, certificate),
    type: settings.assertionType || 'JWT',
  };
}

function milliseconds(seconds: unknown, standard: number, label: string): number {
  const value = Number(seconds || standard);
  if (!(value > 0 && value <= 600)) {
    throw new OpenBankingError('setting-malformed', {
      message: `"${label}" is not a number of seconds from 1 to 600`,
      description: 'Give a number of seconds from 1 to 600.',
    });
  }
  return value * 1000;
}

function digest(value: object): string {
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}
