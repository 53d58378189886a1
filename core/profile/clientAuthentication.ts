import { OpenBankingError } from '../errors/OpenBankingError';
import type { ExtraHeaders } from './extraHeaders';
import { fieldLabels } from './fieldLabels';
import type { Profile } from './profile';
import type { BankSettings, ClientAuthenticationMethod } from './settings';

/** All names, for values that come from elsewhere than the form. */
const methods: readonly ClientAuthenticationMethod[] = [
  ...(['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'] as const),
  ...(['client_secret_basic', 'client_secret_post'] as const),
];

/** The ways in which a client shows a secret. */
type SecretMethod = 'client_secret_basic' | 'client_secret_post';

/** The way of client authentication, with its secret. */
export type ClientAuthenticationChoice =
  | { readonly method: SecretMethod; readonly secret: string }
  | {
      readonly method: Exclude<ClientAuthenticationMethod, SecretMethod>;
      readonly secret?: undefined;
    };

/** The choice of a credential, and repairs of its field. */
export interface ReadClientAuthentication {
  readonly authentication: ClientAuthenticationChoice;
  /** The notice `pem-repaired`, if white space around the secret was left out. */
  readonly notices: OpenBankingError[];
}

/**
 * Reads how the client authenticates itself. Without a choice it signs an assertion. If there is a secret and no choice, the secret is sent in the
 * header, which is the standard of OAuth (RFC 7591 §2): n8n drops the choice, which is a custom setting, if that switch is off.
 *
 * @throws OpenBankingError `field-missing`, `field-malformed`
 */
export function clientAuthenticationOf(settings: BankSettings): ReadClientAuthentication {
  const standard = settings.clientSecret?.trim() ? 'client_secret_basic' : 'private_key_jwt';
  const method = settings.clientAuthentication || standard;
  if (!methods.includes(method)) {
    throw new OpenBankingError('field-malformed', {
      problem: 'unknownValue',
      values: { field: 'Client Authentication' },
    });
  }
  if (method !== 'client_secret_basic' && method !== 'client_secret_post') {
    return { authentication: { method }, notices: [] };
  }
  const { secret, notices } = secretIn(settings.clientSecret);
  return { authentication: { method, secret }, notices };
}

/** The secret without white space around it, which comes from copying. */
function secretIn(given = ''): { secret: string; notices: OpenBankingError[] } {
  const field = fieldLabels.clientSecret;
  const secret = given.trim();
  if (secret === '') {
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field },
      description:
        'Fill in the secret that the bank issued with the client ID. If it issued none, choose another "Client Authentication" in the credential.',
    });
  }
  const fault = faultIn(secret);
  if (fault) {
    throw new OpenBankingError('field-malformed', {
      problem: 'clientSecret',
      values: { field, fault },
      description:
        'Empty the field, and copy the secret again, without the text around it. A client secret has only letters, digits, signs of ASCII and blanks (RFC 6749, appendix A.2). Nothing was sent.',
    });
  }
  if (secret === given) return { secret, notices: [] };
  const values = { field, repairs: 'white space around it left out' };
  return { secret, notices: [new OpenBankingError('pem-repaired', { problem: 'text', values })] };
}

/** The kind of a character that no secret has; `undefined` if there is none. The character itself is a part of the secret. */
function faultIn(secret: string): string | undefined {
  if (/[\r\n\u0085\u2028\u2029]/.test(secret)) return 'a line end';
  if (/[\0-\x1f\x7f-\x9f]/.test(secret)) return 'a control character';
  return /[^\x20-\x7e]/.test(secret) ? 'a character beyond ASCII' : undefined;
}

/**
 * The header `Authorization` of a client with a secret (RFC 6749 §2.3.1): ID and secret are encoded as in a form before they are joined, so
 * that a colon in them does not end the ID.
 */
export function basicAuthorization(clientId: string, secret: string): string {
  const joined = `${formEncoded(clientId)}:${formEncoded(secret)}`;
  return `Basic ${Buffer.from(joined).toString('base64')}`;
}

/** A text in the encoding `application/x-www-form-urlencoded` (RFC 6749, appendix B). */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** Whether a secret changes if it is encoded for the header. */
export function isChangedByEncoding(secret: string): boolean {
  return formEncoded(secret) !== secret;
}

/** The fields of a profile whose secrets go to the authorization server. */
type WithSecrets = Pick<Profile, 'clientId' | 'authentication' | 'extraHeaders'>;

/** The secrets of a credential that its authorization server gets. No message may show them. */
export function secretsForBank(profile: WithSecrets): string[] {
  return [...Object.values(profile.extraHeaders), ...secretForms(profile)];
}

/**
 * The client secret in the forms in which it is sent, and in which a server repeats it that joins it with the client ID: a short secret is not
 * found in the middle of an encoded text.
 */
function secretForms({ clientId, authentication: { secret } }: WithSecrets): string[] {
  if (secret === undefined) return [];
  const sent = basicAuthorization(clientId, secret).slice('Basic '.length);
  const joined = Buffer.from(`${clientId}:${secret}`);
  const repeated = [joined.toString('base64'), joined.toString('hex')];
  return [...new Set([secret, formEncoded(secret), sent, ...repeated])];
}

/**
 * Refuses extra headers that set the header that carries the secret.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function assertNoOtherAuthorization(
  { method }: ClientAuthenticationChoice,
  headers: ExtraHeaders,
): void {
  if (method !== 'client_secret_basic') return;
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return;
  throw new OpenBankingError('field-malformed', {
    problem: 'notTogether',
    values: {
      field: fieldLabels.extraHeaders,
      other: 'a client secret in the header: both set "Authorization"',
    },
    description:
      'Remove "Authorization" from "Extra Headers", or choose another "Client Authentication". Nothing was sent.',
  });
}
