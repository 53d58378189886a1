import type { BankSettings } from '../../../core/profile/settings';
import type { TokenSet } from '../../../core/oauth/grants/tokenSet';
import { closeAfterTest } from '../servers/closing';
import { customCredential } from './credential';
import { bankJwk, idToken, issuer, type Forgery } from './idTokens';
import { json, type Answer } from './scriptedBank';
import { startTlsServer } from '../servers/tlsServer';

/** A bank whose token endpoint gives the answers that a test tells it to. */
export interface TokenBank {
  readonly settings: BankSettings;
  /** The refresh tokens that were sent, in their order. */
  readonly sent: string[];
  /** The keys that the bank publishes. */
  keys: object[];
  /** Answers each request from now on. */
  answerWith(answer: Answer): void;
}

/** Opens the bank for the present test. It issues `at-1` and `rt-1` at the first refresh, and so on. */
export async function tokenBank(changes: BankSettings = {}): Promise<TokenBank> {
  const sent: string[] = [];
  let answer: Answer = rotated();
  const bank = { sent, keys: [] as object[], answerWith: (given: Answer) => void (answer = given) };
  const server = await startTlsServer({
    handle: (request, response) => {
      const form = new URLSearchParams(request.body);
      if (request.url === '/jwks') return json(200, { keys: bank.keys })(response, request, form);
      sent.push(form.get('refresh_token')!);
      answer(response, request, form);
    },
  });
  closeAfterTest(() => server.close());
  const settings = { ...(await customCredential(server.url)), issuer, ...changes };
  return Object.assign(bank, { settings });
}

/** The fields of a credential for a bank with ID tokens. */
const withIdTokens: BankSettings = { scope: 'openid accounts' };

/** Opens a bank with ID tokens for the present test. */
export async function idTokenBank(): Promise<TokenBank> {
  const bank = await tokenBank(withIdTokens);
  bank.keys = [await bankJwk()];
  return bank;
}

let count = 0;

/** Answers with new tokens, which live for an hour, and a new refresh token. */
export function rotated(changes: object = {}): Answer {
  return (response, request, form) => {
    const sent = form.get('refresh_token')!;
    const number = ++count;
    const tokens = { access_token: `at-${number}`, token_type: 'Bearer', expires_in: 3600 };
    const refresh_token = `${sent.replace(/\+\d+$/, '')}+${number}`;
    json(200, { ...tokens, refresh_token, ...changes })(response, request, form);
  };
}

/** An ID token for a refresh. @param claims the differences from a good one */
export function refreshedIdToken(forgery: Forgery = {}): Promise<string> {
  const claims = { at_hash: undefined, nonce: undefined, ...forgery.claims };
  return idToken({ ...forgery, claims });
}

/** Takes the request and closes the connection without an answer. */
export const reset: Answer = (response) => void response.socket!.destroy();

/** Takes the request and does not answer. */
export const silent: Answer = () => undefined;

/** An answer that a test sends when it wants to. */
export function heldBack(answer: Answer): { answer: Answer; send: () => void } {
  let send: () => void = () => undefined;
  const sent = new Promise<void>((done) => (send = done));
  return { answer: (...given) => void sent.then(() => answer(...given)), send };
}

/** `invalid_grant` (RFC 6749 §5.2). */
export const invalidGrant: Answer = json(400, { error: 'invalid_grant' });

/** Tokens with the refresh token `rt`. @param seconds until the access token expires; it was issued ten minutes ago */
export function tokensFor(seconds: number, changes: Partial<TokenSet> = {}): TokenSet {
  return {
    access_token: 'at-0',
    authorization: 'Bearer at-0',
    refresh_token: 'rt',
    obtained_at: new Date(Date.now() - 600_000).toISOString(),
    expires_at: new Date(Date.now() + seconds * 1000).toISOString(),
    refresh_token_rotated: false,
    ...changes,
  };
}
