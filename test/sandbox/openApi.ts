import { ACCOUNTS } from '../../sandbox/accounts';
import { AccountApi } from '../../sandbox/accountApi';
import { ApiError } from '../../sandbox/apiErrors';
import { Calendar } from '../../sandbox/calendar';
import { Consents, USUAL_PERMISSIONS } from '../../sandbox/consents';
import { Ledgers } from '../../sandbox/ledgers';
import { Misbehaviours } from '../../sandbox/misbehaviours';
import { PageSizes } from '../../sandbox/paging';
import { VERSIONS } from '../../sandbox/versions';

/** A transaction. */
export interface Row {
  AccountId: string;
  TransactionId?: string;
  Status: string;
  TransactionMutability: string;
  BookingDateTime: string;
  CreditDebitIndicator: string;
  Amount: { Amount: string; Currency: string };
  [member: string]: unknown;
}

/** A list, as far as tests look at it. */
export interface Body {
  Data: {
    Transaction: Row[];
    Account: { AccountId: string; [member: string]: unknown }[];
    Balance: object[];
  };
  Links: { Next?: string };
  Meta: { TotalPages: number };
}

/** The IDs of the accounts. */
export const [HOUSEHOLD, SAVINGS, STUDIO, CARD] = ACCOUNTS.map(({ id }) => id) as [
  string,
  string,
  string,
  string,
];

const NOON = Date.UTC(2026, 10, 27, 12);

/** The API of the bank on 27 November 2026, without its network. */
export function openApi({
  version = 'v3.1',
  permissions = USUAL_PERMISSIONS,
  sizes = new PageSizes(1000),
  transactions = 120,
  from = undefined as Date | undefined,
} = {}) {
  const calendar = new Calendar(() => NOON);
  const misbehaviours = new Misbehaviours(() => calendar.today());
  const consents = new Consents(() => misbehaviours.givesNewAccountIds);
  const consent = consents.create({
    ...{ clientId: 'client', permissions, expires: undefined },
    ...{ transactionsFrom: from, transactionsTo: undefined },
  });
  consents.authorise(consent, [HOUSEHOLD, SAVINGS, STUDIO, CARD], 'grant');
  const options = {
    consents,
    misbehaviours,
    ledgers: new Ledgers(calendar, misbehaviours, { [HOUSEHOLD]: transactions }),
    pageSizes: sizes,
  };
  const words = VERSIONS.find(({ name }) => name === version)!;
  const api = new AccountApi(words, 'https://bank.example/aisp', options);
  const get = (path: string): Body => {
    const [address = '', query] = path.split('?');
    const access = { clientId: 'client', grantId: 'grant' };
    const operation = api.operationFor('GET', address)!;
    const request = { access, body: '', query: new URLSearchParams(query) };
    return operation.run(request).body as Body;
  };
  const rows = (id: string, query = ''): Row[] =>
    get(`/accounts/${id}/transactions${query}`).Data.Transaction;
  const refusal = (path: string): unknown => {
    try {
      return get(path);
    } catch (error) {
      return (error as ApiError).answer(words);
    }
  };
  /** The customer approves the consent once more. */
  const approve = () =>
    consents.authorise(
      consent,
      ACCOUNTS.map(({ id }) => id),
      'grant',
    );
  return { get, rows, refusal, calendar, misbehaviours, approve };
}
