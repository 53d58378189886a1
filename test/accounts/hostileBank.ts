import type { ServerResponse } from 'node:http';
import { GivenAccess } from '../../core/accounts/access';
import { AccountApi, type ApiOptions } from '../../core/accounts/accountApi';
import { pullTransactions, type Pulled } from '../../core/accounts/pull';
import { Remarks } from '../../core/lib/remarks';
import { createClient } from '../../core/oauth/client';
import type { Profile } from '../../core/profile/profile';
import { customCredential } from '../support/bank/credential';
import { startTlsServer, type SeenRequest, type TlsServer } from '../support/servers/tlsServer';

/** Path of the account API at the bank. */
export const BASE = '/open-banking/v3.1/aisp';

/** Answers one request. */
export type Handler = (response: ServerResponse, request: SeenRequest) => void;

export { row } from './simplified/rows';

/** A page of transactions as text. @param next the link to the next page */
export function page(rows: unknown, next?: string): string {
  return JSON.stringify({
    Data: { Transaction: rows },
    Links: { Self: 'https://bank.example', Next: next },
    Meta: {},
  });
}

/** Answers with a body. */
export function send(
  body: string | Buffer,
  status = 200,
  headers: Record<string, string> = {},
): Handler {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

/** A bank whose answers are made for a test, and the account API of the package at it. */
export interface HostileBank extends TlsServer {
  readonly profile: Profile;
  /** The base address of its account API. */
  readonly base: string;
  /** Answers by path and query below the base address. Others are answered with 404. */
  answers: Record<string, Handler>;
  /** The paths and queries below the base address that were requested since the answers were set. */
  asked(): string[];
  api(options?: ApiOptions): AccountApi;
  /** Pulls the transactions of account A-1. Pauses take no time. */
  pull(options?: PullOptions): Promise<HostilePull>;
}

/** Options of a pull. */
export interface PullOptions {
  readonly simplify?: boolean;
  readonly accountId?: string;
  readonly api?: ApiOptions;
}

/** A pull, and what was said beside it. */
export interface HostilePull extends Pulled {
  readonly remarks: readonly string[];
  /** Pauses, in milliseconds. */
  readonly pauses: readonly number[];
}

/** The token that the pulls send. */
export const TOKEN = 'a-token-that-nobody-may-see';

/** Opens the bank. */
export async function openHostileBank(): Promise<HostileBank> {
  const server = await startTlsServer({
    handle: (request, response) => {
      const below = request.url.startsWith(BASE) ? request.url.slice(BASE.length) : undefined;
      const handler = below === undefined ? undefined : bank.answers[below];
      (handler ?? send('{}', 404))(response, request);
    },
  });
  const base = server.url + BASE;
  const settings = { ...(await customCredential(server.url)), accountApiUrl: base };
  const { profile } = await createClient(settings);
  const bank: HostileBank = {
    ...server,
    profile,
    base,
    answers: {},
    asked: () => server.requests.splice(0).map(({ url }) => url.slice(BASE.length)),
    api: (options) => new AccountApi(profile, new GivenAccess(TOKEN), options),
    pull: async ({ simplify = true, accountId = 'A-1', api = {} } = {}) => {
      const remarks = new Remarks();
      const pauses: number[] = [];
      const pause = (milliseconds: number): Promise<void> => {
        pauses.push(milliseconds);
        return Promise.resolve();
      };
      const request = { api: bank.api({ pause, ...api }), origin: {}, simplify, remarks };
      const pulled = await pullTransactions(request, accountId, { status: 'all' });
      return { ...pulled, remarks: remarks.texts, pauses };
    },
  };
  return bank;
}
