import type { JWTPayload } from 'jose';
import { halfHash, now, otherKey, type Forgery } from '../../support/bank/idTokens';

/** Where an ID token comes: in the redirect of the hybrid flow, with the tokens of a code, or with those of a refresh. */
export type Place = 'redirect' | 'exchange' | 'exchange after hybrid' | 'refresh' | 'renewal';

/** A kind of ID token that is not as it should be. */
export interface IdTokenKind {
  /** What it has: "another nonce". */
  readonly title: string;
  readonly forgery: () => Forgery;
  /** The places at which it has to fail. At all others it passes. */
  readonly fails: readonly Place[];
  /** Places at which it cannot come. */
  readonly not?: readonly Place[];
}

const everywhere: readonly Place[] = [
  'redirect',
  'exchange',
  'exchange after hybrid',
  'refresh',
  'renewal',
];
const forACode: readonly Place[] = everywhere.filter((place) => place !== 'refresh');
const withTokens: readonly Place[] = everywhere.filter((place) => place !== 'redirect');

const kind = (
  title: string,
  forgery: Forgery | (() => Forgery),
  fails = everywhere,
  not?: readonly Place[],
): IdTokenKind => ({
  title,
  forgery: typeof forgery === 'function' ? forgery : () => forgery,
  fails,
  not,
});

const claim = (
  title: string,
  claims: JWTPayload | (() => JWTPayload),
  fails?: readonly Place[],
  not?: readonly Place[],
) => kind(title, () => ({ claims: typeof claims === 'function' ? claims() : claims }), fails, not);

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The kinds of bad ID tokens, and of those that are right although a claim is missing. */
export const idTokenKinds: readonly IdTokenKind[] = [
  kind('a signature by another key', { key: otherKey }),
  kind('no signature', { unsigned: true }),
  kind('another "alg"', { header: { alg: 'RS256' } }),
  kind('an unknown "kid"', { header: { kid: 'bank-9' } }),
  kind('a critical extension', { addedHeader: { crit: ['x'], x: 1 } }),
  claim('another "iss"', { iss: 'https://other.example' }),
  claim('no "iss"', { iss: undefined }),
  claim('another "aud"', { aud: 'another' }),
  claim('no "aud"', { aud: undefined }),
  claim('a second audience', { aud: ['of the client', 'another'] }),
  claim('a second audience that is authorized', {
    aud: ['of the client', 'another'],
    azp: 'another',
  }),
  claim('another "azp"', { azp: 'another' }),
  claim('an "exp" in the past', () => ({ exp: now() - HOUR })),
  claim('no "exp"', { exp: undefined }),
  claim('an "exp" that is a text', { exp: 'tomorrow' as never }),
  claim('an "iat" in the future', () => ({ iat: now() + 9 * DAY })),
  claim('no "iat"', { iat: undefined }),
  claim('an "iat" a day ago', () => ({ iat: now() - DAY }), forACode),
  claim('an "nbf" in the future', () => ({ nbf: now() + 9 * DAY })),
  claim('another "nonce"', { nonce: 'n-2' }),
  claim('no "nonce"', { nonce: undefined }, forACode),
  claim('no "sub"', { sub: undefined }),
  claim('a "sub" that is a number', { sub: 7 as never }),
  claim(
    'another "sub"',
    { sub: 'robin' },
    ['exchange after hybrid', 'refresh', 'renewal'],
    ['redirect'],
  ),
  claim('another "at_hash"', { at_hash: halfHash('another') }, withTokens, ['redirect']),
  claim('no "at_hash"', { at_hash: undefined }, [], ['redirect']),
  claim('another "c_hash"', { c_hash: halfHash('another') }, forACode),
  claim('no "c_hash"', { c_hash: undefined }, ['redirect']),
  claim('another "s_hash"', { s_hash: halfHash('another') }, forACode),
  claim('no "s_hash"', { s_hash: undefined }, ['redirect']),
  claim('another consent', { openbanking_intent_id: 'another' }, forACode, ['refresh']),
  claim('no consent', { openbanking_intent_id: undefined }, ['redirect', 'exchange', 'renewal']),
  claim('no "azp", "acr" or "auth_time"', {}, []),
  kind('no "kid" if the bank has one key', { header: { kid: undefined as never } }, []),
];
