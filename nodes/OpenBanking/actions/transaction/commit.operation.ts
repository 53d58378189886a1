import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { markProcessed } from '../../../../core/accounts/markProcessed';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { clientOf } from '../../../../core/oauth/client';
import type { BankSettings } from '../../../../core/profile/settings';
import type { SyncMemory } from '../../../../core/sync/memory';
import { openSyncMemory } from '../../../../core/sync/openSyncMemory';
import type { ConsentTokens } from '../../../../core/tokens/consents/consentTokens';
import { openConsentTokens } from '../../../../core/tokens/openStores';
import type { ConsentSettings } from '../../../../core/tokens/settings';
import { unexpected } from '../../../nodeError';
import { consentParameter, textParameter, type ParameterSource } from '../../../parameters';
import type { BatchOperation } from '../operation';
import type { Outcome } from '../outputItems';
import { subscribersOf } from './subscribers';

/** The transactions of one account that input items name. They are marked together. */
interface Group {
  readonly sync: SyncMemory;
  readonly tokens: ConsentTokens;
  readonly subscribers: readonly string[];
  readonly consent: string;
  readonly accountId: string;
  readonly transactionIds: Set<string>;
  /** Indexes of the input items. */
  readonly items: number[];
}

/** The groups by their names. The credential of each item may be another one: its fields may have expressions. */
type Groups = Map<ConsentTokens, Map<string, Group>>;

/** Transaction → Mark as Processed: the workflow has received these transactions, and they do not come again. Its output is its input. */
export const commit: BatchOperation = {
  isForTools: false,
  async executeAll(context) {
    const outcomes = context
      .getInputData()
      .map(({ json }): Outcome => ({ pulled: [{ rows: [json] }] }));
    const fail = (index: number, failure: unknown) => {
      outcomes[index] = { pulled: [], failure };
    };
    const groups: Groups = new Map();
    for (const index of outcomes.keys()) {
      try {
        await addTo(groups, context, index);
      } catch (failure) {
        fail(index, failure);
      }
    }
    // Nothing is marked if an item stops the workflow: then the execution fails, and all of them come again.
    const isStopped = outcomes.some(({ failure }) => failure !== undefined);
    if (isStopped && !context.continueOnFail()) return outcomes;
    for (const group of [...groups.values()].flatMap((named) => [...named.values()])) {
      try {
        await mark(group);
      } catch (error) {
        for (const index of group.items) fail(index, unexpected(error));
      }
    }
    return outcomes;
  },
};

async function addTo(groups: Groups, context: IExecuteFunctions, itemIndex: number): Promise<void> {
  const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
  const source = { context, itemIndex, options };
  const consent = consentParameter(source);
  const accountId = idParameter(source, 'accountId', 'Account ID');
  const transactionId = idParameter(source, 'transactionId', 'Transaction ID');
  const subscribers = subscribersOf(source);
  const settings = await context.getCredentials<BankSettings & ConsentSettings>(
    'openBankingApi',
    itemIndex,
  );
  const client = await clientOf(settings);
  const owner = openConsentTokens(client, settings);
  const named = groups.get(owner) ?? new Map<string, Group>();
  groups.set(owner, named);
  const name = JSON.stringify([consent, accountId, subscribers]);
  const group = named.get(name) ?? {
    sync: openSyncMemory(client, settings),
    tokens: owner,
    ...{ subscribers, consent, accountId },
    ...{ transactionIds: new Set<string>(), items: [] },
  };
  named.set(name, group);
  group.transactionIds.add(transactionId);
  group.items.push(itemIndex);
}

function mark({ subscribers, transactionIds, ...group }: Group): Promise<void> {
  return markProcessed(group, subscribers, { ...group, transactionIds: [...transactionIds] });
}

/** @throws OpenBankingError `input-missing`, `field-malformed` */
function idParameter(source: ParameterSource, name: string, label: string): string {
  const id = textParameter(source, name, label).trim();
  if (id) return id;
  throw new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: label },
    description: `Fix the expression, which yields an empty value: the item needs the field of a transaction that the trigger or "Transaction → Get Many" put out. Nothing was marked for this item.`,
  });
}
