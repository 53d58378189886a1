import type {
  ILoadOptionsFunctions,
  INodeListSearchItems,
  INodeListSearchResult,
} from 'n8n-workflow';
import { GivenAccess } from '../../core/accounts/access';
import { AccountApi } from '../../core/accounts/accountApi';
import { signedAnswersOf } from '../../core/accounts/signedAnswers';
import { accountsListedBefore } from '../../core/accounts/knownAccounts';
import { Lookup } from '../../core/accounts/lookup';
import { pullAccounts } from '../../core/accounts/pull';
import type { SimplifiedAccount } from '../../core/accounts/simplified/account';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { digest } from '../../core/lib/digest';
import { Remarks } from '../../core/lib/remarks';
import { visible } from '../../core/lib/visible';
import { clientOf, type BankClient } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import { consentName } from '../../core/tokens/consentName';
import { openConsentTokens } from '../../core/tokens/openStores';
import type { ConsentSettings } from '../../core/tokens/settings';
import { toNodeError } from '../nodeError';
import { ofConsent, ofToken, type Authorization } from './actions/authorization';

type Settings = BankSettings & ConsentSettings;

/** An account as the list shows it. */
type ListedAccount = Partial<SimplifiedAccount>;

/** The field that authorizes the request. */
type Authorizer =
  | { readonly consent: string; readonly accessToken?: undefined }
  | { readonly consent?: undefined; readonly accessToken: string };

/** The fields that the list depends on. */
type Chosen = Authorizer & { readonly financialId: string };

/** Milliseconds for which the editor waits if the bank limits requests: a person looks at the list. */
const MAXIMUM_WAIT = 10_000;

/** Milliseconds after which the list ends, whatever the bank does. */
const LONGEST = 30_000;

/** Milliseconds for which a list is filtered without asking the bank again. */
const SHOWN_FOR = 60_000;

/** The list shows no more accounts than a person looks through. Others can be given by their ID. */
const MAXIMUM_ACCOUNTS = 500;

/**
 * The accounts of the chosen consent, for "From List" of the field "Account". The bank is asked for them when the list opens. A filter that a
 * person types is applied to the list that was shown: banks count how often they are asked.
 *
 * @param filter text that a person typed; found in names, numbers, currencies and IDs, case-insensitively
 * @throws NodeError if no consent is chosen, or the accounts cannot be read
 */
export async function searchAccounts(
  context: ILoadOptionsFunctions,
  filter = '',
): Promise<INodeListSearchResult> {
  try {
    const wanted = filter.trim().toLowerCase();
    const accounts = (await shownAccounts(context, wanted !== '')).flatMap(entriesOf);
    return {
      results: accounts.filter(({ name, value }) =>
        `${name} ${value}`.toLowerCase().includes(wanted),
      ),
    };
  } catch (error) {
    throw toNodeError(context.getNode(), error, 0);
  }
}

/** The list that was shown a moment ago if it is to be filtered; else a new one. */
async function shownAccounts(
  context: ILoadOptionsFunctions,
  isFiltered: boolean,
): Promise<readonly ListedAccount[]> {
  const settings = await context.getCredentials<Settings>('openBankingApi');
  const client = await clientOf(settings);
  const chosen = chosenIn(context);
  const { shownLists } = client;
  // The settings of the store, too: a consent may have the same name in another one.
  const name = digest({ settings, ...chosen });
  if (!isFiltered) shownLists.forget(name);
  return shownLists.obtain(name, () => {
    const list = accountsOf(client, settings, chosen);
    list.then(
      () => shownLists.deleteAfter(name, list, SHOWN_FOR),
      () => shownLists.delete(name, list),
    );
    return list;
  });
}

async function accountsOf(
  client: BankClient,
  settings: Settings,
  { financialId, ...chosen }: Chosen,
): Promise<ListedAccount[]> {
  const { access, knownAccounts } = await authorizationOf(client, settings, chosen);
  const deadline = AbortSignal.timeout(LONGEST);
  const api = new AccountApi(client.profile, access, {
    ...{ ...(financialId && { financialId }), ...signedAnswersOf(client) },
    maximumWait: MAXIMUM_WAIT,
    signal: deadline,
  });
  const { consent } = chosen;
  // Some banks count the reads of a day. A trigger waits for its turn, and the list of the editor never does.
  const lookup = consent === undefined ? undefined : lookupOf(client, settings, consent);
  const remarks = new Remarks();
  const request = { ...{ api, origin: {}, simplify: true, remarks, knownAccounts }, lookup };
  const { rows, failure } = await pullAccounts(request, MAXIMUM_ACCOUNTS);
  await lookup?.countReads();
  if (!failure) return rows as SimplifiedAccount[];
  const known = await accountsListedBefore(failure, knownAccounts);
  if (known.length === 0) throw deadline.aborted ? tooSlow() : failure;
  return known.map((account_id) => ({ account_id }));
}

function lookupOf(client: BankClient, settings: Settings, consent: string): Lookup {
  return new Lookup(openSyncMemory(client, settings), consent);
}

function tooSlow(): OpenBankingError {
  return new OpenBankingError('timeout', {
    message: `The bank did not give the list of accounts within ${LONGEST / 1000} seconds`,
    description:
      'Try again later, or choose "By ID" for the account: its ID is in the output of "Account → Get Many".',
  });
}

/** The fields that the list depends on. @throws OpenBankingError `input-missing` if nothing is chosen that authorizes the request */
function chosenIn(context: ILoadOptionsFunctions): Chosen {
  const financialId = textOf(context.getCurrentNodeParameter('options.financialId'));
  return context.getCurrentNodeParameter('authorizeWith') === 'accessToken'
    ? { financialId, accessToken: valueOf(context, 'accessToken', 'Access Token') }
    : { financialId, consent: consentName(valueOf(context, 'consent', 'Consent')) };
}

async function authorizationOf(
  client: BankClient,
  settings: Settings,
  { consent, accessToken }: Authorizer,
): Promise<Authorization> {
  return consent === undefined
    ? ofToken(new GivenAccess(accessToken))
    : ofConsent(openConsentTokens(client, settings), consent);
}

/**
 * The value of a field that the list depends on. The editor evaluates expressions with the data of the last run.
 *
 * @throws OpenBankingError `input-missing`
 */
function valueOf(context: ILoadOptionsFunctions, name: string, label: string): string {
  const given = context.getCurrentNodeParameter(name, { extractValue: true }) as unknown;
  const value = textOf(given);
  if (value && !value.startsWith('=')) return value;
  const saved = JSON.stringify(context.getNode().parameters[name] ?? '');
  const isExpression = saved.includes('{{') || value.startsWith('=') || given === null;
  throw new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: label },
    description: isExpression
      ? `"${label}" is an expression, and it has no value in the editor now. Execute the nodes before this one first, or choose "By ID" for the account.`
      : `Fill in "${label}" first: the list shows its accounts.`,
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Name, number and currency of an account, as a person knows it. An account without an ID cannot be chosen. */
function entriesOf(account: ListedAccount): INodeListSearchItems[] {
  const { account_id: value, name, type, identification, currency } = account;
  if (value === undefined) return [];
  const parts = [name ?? type, identification ?? value, currency];
  return [{ name: visible(parts.filter(Boolean).join(' · ')), value }];
}
