import { clientOf } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import {
  ConsentApi,
  type ApplicationClient,
  type ConsentApiOptions,
} from '../../../core/accounts/consents/consentApi';
import { customCredential } from '../../support/bank/credential';
import { bankJwk } from '../../support/bank/idTokens';
import { tlsServer } from '../../support/servers/closing';
import { BASE, json, type Answer } from '../answeringBank';

export const CONSENTS = '/open-banking/v3.1/aisp/account-access-consents';

/** The token of the application; the one after a renewal ends with `-2`. */
export const APPLICATION_TOKEN = 'at-7c1e-of-the-application';

export const PERMISSIONS = ['ReadAccountsDetail', 'ReadBalances'];

/** The answer of a bank that created a consent, in the words of v3.1. */
export const consentAnswer = (more: object = {}) => ({
  Data: {
    ConsentId: 'c-1',
    Status: 'AwaitingAuthorisation',
    CreationDateTime: '2026-03-01T09:00:00+00:00',
    StatusUpdateDateTime: '2026-03-01T09:00:00+00:00',
    Permissions: PERMISSIONS,
    ...more,
  },
  Risk: {},
  Links: { Self: 'https://bank.example/c-1' },
  Meta: {},
});

/**
 * A bank that gives these answers in turn, and the last one again and again. It publishes the key of `bankJwk`.
 *
 * @param changes to the credential
 */
export async function consentBank(
  answers: readonly Answer[],
  options: ConsentApiOptions = {},
  changes: BankSettings = {},
) {
  let count = 0;
  const keys = [await bankJwk()];
  const server = await tlsServer({
    handle: (request, response) => {
      if (request.url === '/jwks') return json(200, { keys })(response, request);
      return answers[Math.min(count++, answers.length - 1)]!(response, request);
    },
  });
  const pauses: number[] = [];
  const scopes: (string | undefined)[] = [];
  const pause = (milliseconds: number) => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  let token = APPLICATION_TOKEN;
  const real = await clientOf({
    ...(await customCredential(server.url)),
    ...{ accountApiUrl: `${server.url}${BASE}`, requestTimeout: 1, ...changes },
  });
  const client: ApplicationClient = {
    profile: real.profile,
    endpoints: () => real.endpoints(),
    signPayload: (payload) => real.signPayload(payload),
    verifyPayload: (verification) => real.verifyPayload(verification),
    applicationAuthorization: (scope?: string) => {
      scopes.push(scope);
      return Promise.resolve(`Bearer ${token}`);
    },
    renewedApplicationAuthorization: () => {
      token = `${APPLICATION_TOKEN}-2`;
      return Promise.resolve(`Bearer ${token}`);
    },
  };
  return { ...server, client, pauses, scopes, api: new ConsentApi(client, { pause, ...options }) };
}
