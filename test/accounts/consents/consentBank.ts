import { ConsentApi, type ConsentApiOptions } from '../../../core/accounts/consents/consentApi';
import { tlsServer } from '../../support/servers/closing';
import { profileFor, type Answer } from '../answeringBank';

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

/** A bank that gives these answers in turn, and the last one again and again. */
export async function consentBank(answers: readonly Answer[], options: ConsentApiOptions = {}) {
  let count = 0;
  const server = await tlsServer({
    handle: (request, response) =>
      answers[Math.min(count++, answers.length - 1)]!(response, request),
  });
  const pauses: number[] = [];
  const scopes: (string | undefined)[] = [];
  const pause = (milliseconds: number) => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  let token = APPLICATION_TOKEN;
  const client = {
    profile: await profileFor(server.url, { requestTimeout: 1 }),
    applicationAuthorization: (scope?: string) => {
      scopes.push(scope);
      return Promise.resolve(`Bearer ${token}`);
    },
    renewedApplicationAuthorization: () => {
      token = `${APPLICATION_TOKEN}-2`;
      return Promise.resolve(`Bearer ${token}`);
    },
  };
  return { ...server, pauses, scopes, api: new ConsentApi(client, { pause, ...options }) };
}
