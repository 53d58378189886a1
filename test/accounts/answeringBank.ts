import type { ServerResponse } from 'node:http';
import { GivenAccess, type Access } from '../../core/accounts/access';
import { AccountApi, type ApiOptions } from '../../core/accounts/accountApi';
import type { ApiAnswer } from '../../core/accounts/apiAnswer';
import { createProfile, type Profile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { customCredential } from '../support/bank/credential';
import { expectNoSecret, failureOf } from '../support/failure';
import { tlsServer } from '../support/servers/closing';
import type { SeenRequest } from '../support/servers/tlsServer';

export const TOKEN = 'at-5d1e-of-the-customer';
export const BASE = '/open-banking/v3.1/aisp';
export const PATH = '/accounts/A-1/transactions';

export type Answer = (response: ServerResponse, request: SeenRequest) => void;

export const json =
  (status: number, body: object = {}, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { 'Content-Type': 'application/json', ...headers })
      .end(JSON.stringify(body));

export const GOOD = json(200, { Data: { Transaction: [] } });

export async function profileFor(url: string, changes: BankSettings = {}): Promise<Profile> {
  const accountApiUrl = `${url}${BASE}`;
  return createProfile({ ...(await customCredential(url)), accountApiUrl, ...changes });
}

/** A bank that gives these answers in turn, and the last one again and again. */
export async function bank(
  answers: readonly Answer[],
  options: ApiOptions & { access?: Access } = {},
) {
  let count = 0;
  const server = await tlsServer({
    handle: (request, response) =>
      answers[Math.min(count++, answers.length - 1)]!(response, request),
  });
  const pauses: number[] = [];
  const { access = new GivenAccess(TOKEN), ...others } = options;
  const pause = (milliseconds: number) => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  const profile = await profileFor(server.url);
  return { ...server, pauses, api: new AccountApi(profile, access, { pause, ...others }) };
}

export const failing = async (get: Promise<ApiAnswer>) => {
  const error = await failureOf(get);
  expectNoSecret(error, [TOKEN]);
  return error;
};

export const idOf = ({ headers }: SeenRequest) => String(headers['x-fapi-interaction-id']);
