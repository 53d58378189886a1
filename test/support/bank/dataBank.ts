import type { ServerResponse } from 'node:http';
import type { IDataObject, INodeParameters, ITaskData } from 'n8n-workflow';
import { clientOf } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { openConsentTokens } from '../../../core/tokens/openStores';
import type { KeepingSettings } from '../../../core/tokens/settings';
import { outputOf, runNode, type NodeRun } from '../n8n/nodeExecution';
import { startTlsServer, type SeenRequest, type TlsServer } from '../servers/tlsServer';
import { passed, tokensOf } from '../stores/consents';
import { customCredential } from './credential';

/** Answers a request for data. */
export type DataAnswer = (response: ServerResponse, request: SeenRequest) => void;

/** The IDs of the accounts of a consent, each with its number of transactions. */
export type SharedAccounts = Record<string, number>;

/** A bank with an account API alone. The access token of the consent `c` is `at-c`. */
export interface DataBank {
  readonly server: TlsServer;
  readonly credential: BankSettings & KeepingSettings;
  /** Answers in place of the usual ones, by `<consent> <path below the API>`. */
  readonly answers: Map<string, DataAnswer>;
  /** Stores tokens for consents that share these accounts. */
  share(consents: Record<string, SharedAccounts>): Promise<void>;
  /** `<consent> <path and query below the API>` of each request, in the order of arrival. */
  asked(): string[];
  /** Runs the node Open Banking. */
  run(parameters: INodeParameters, run?: Partial<NodeRun>): Promise<ITaskData>;
  /** The output of the node. @throws its error */
  items(parameters: INodeParameters, items?: IDataObject[]): Promise<IDataObject[]>;
  close(): Promise<void>;
}

/** Transactions on a page. */
const PAGE = 2;

/** Opens the bank. */
export async function startDataBank(): Promise<DataBank> {
  const shared: Record<string, SharedAccounts> = {};
  const answers = new Map<string, DataAnswer>();
  const server = await startTlsServer({
    handle: (request, response) => {
      const { consent, path } = placeOf(request);
      const own = answers.get(`${consent} ${path.split('?')[0]}`);
      if (own) own(response, request);
      else usual(response, `${server.url}${API}`, path, shared[consent]);
    },
  });
  const credential: DataBank['credential'] = {
    ...(await customCredential(server.url)),
    accountApiUrl: `${server.url}${API}`,
    clientId: `client-at-${server.port}`,
  };
  const run: DataBank['run'] = (parameters, changes = {}) =>
    runNode({
      ...{ type: 'openBanking', credential: credential as IDataObject },
      ...{
        parameters: { resource: 'transaction', operation: 'getAll', ...parameters },
        ...changes,
      },
    });
  return {
    server,
    credential,
    answers,
    run,
    async share(consents) {
      const stored = openConsentTokens(await clientOf(credential), credential);
      for (const [consent, accounts] of Object.entries(consents)) {
        shared[consent] = accounts;
        await stored.keep(consent, passed(tokensOf(`at-${consent}`)), {
          consentId: `id-${consent}`,
        });
      }
    },
    asked: () =>
      server.requests.map((request) => {
        const { consent, path } = placeOf(request);
        return `${consent} ${path}`;
      }),
    async items(parameters, items) {
      const task = await run(parameters, { items });
      if (task.error) throw task.error as Error;
      return outputOf(task).map(({ json }) => json);
    },
    close: () => server.close(),
  };
}

const API = '/open-banking/v3.1/aisp';

/** Answers with JSON. */
export function data(body: object, status = 200): DataAnswer {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  };
}

/** A refusal in the format of Open Banking UK. */
export function refusal(status: number, errorCode: string, message = 'No.'): DataAnswer {
  return data({ Code: `${status}`, Message: message, Errors: [{ ErrorCode: errorCode }] }, status);
}

function placeOf({ headers, url }: SeenRequest): { consent: string; path: string } {
  const [, consent = ''] = /^Bearer at-(.*)$/.exec(headers.authorization ?? '') ?? [];
  return { consent, path: url.replace(API, '') };
}

function usual(
  response: ServerResponse,
  api: string,
  place: string,
  accounts: SharedAccounts | undefined,
): void {
  const answer = (body: object, status?: number) => data(body, status)(response, {} as SeenRequest);
  if (!accounts) return answer({ Message: 'Unknown token' }, 401);
  const { pathname, searchParams } = new URL(place, 'https://bank.example');
  const [, , id, part] = pathname.split('/').map(decodeURIComponent);
  if (id === undefined) {
    return answer({ Data: { Account: Object.keys(accounts).map(account) }, Links: {}, Meta: {} });
  }
  const { [id]: count } = accounts;
  if (count === undefined) {
    return refusal(400, 'UK.OBIE.Resource.NotFound')(response, {} as SeenRequest);
  }
  if (part === undefined) return answer({ Data: { Account: [account(id)] }, Links: {}, Meta: {} });
  if (part === 'balances') {
    return answer({ Data: { Balance: [balance(id)] }, Links: {}, Meta: {} });
  }
  const page = Number(searchParams.get('page') ?? 1);
  const rows = Array.from({ length: count }, (_, index) => transaction(id, index + 1));
  const next = page * PAGE < count ? { Next: `${api}${pathname}?page=${page + 1}` } : {};
  answer({
    Data: { Transaction: rows.slice((page - 1) * PAGE, page * PAGE) },
    ...{ Links: { Self: `${api}${place}`, ...next }, Meta: {} },
  });
}

const money = { Amount: '12.50', Currency: 'GBP' };

const account = (id: string) => ({
  ...{ AccountId: id, Currency: 'GBP', AccountType: 'Personal', AccountSubType: 'CurrentAccount' },
  ...{ Nickname: `Account ${id}` },
  Account: [{ SchemeName: 'UK.OBIE.IBAN', Identification: `GB00TEST${id}` }],
});

const balance = (id: string) => ({
  ...{ AccountId: id, CreditDebitIndicator: 'Credit', Type: 'InterimBooked', Amount: money },
  DateTime: '2026-03-02T08:00:00+00:00',
});

/** A booked row; each fifth one is pending. */
const transaction = (id: string, number: number) => ({
  ...{ AccountId: id, TransactionId: `${id}-${number}`, CreditDebitIndicator: 'Debit' },
  ...{ Status: number % 5 ? 'Booked' : 'Pending', Amount: money },
  BookingDateTime: '2026-03-02T00:00:00+00:00',
  TransactionInformation: `SHOP ${number}`,
});
