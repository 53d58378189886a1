import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { clientOf, createClient } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import { openConsentTokens } from '../../core/tokens/openStores';
import type { KeepingSettings } from '../../core/tokens/settings';
import { commit } from '../../nodes/OpenBanking/actions/transaction/commit.operation';
import { customCredential } from '../support/bank/credential';
import { passed, tokensOf } from '../support/stores/consents';
import { ownUserFolder } from '../support/n8n/userFolder';

ownUserFolder();

/** A node whose credential has an expression: each item has another client. */
function contextOf(items: IDataObject[], settings: BankSettings): IExecuteFunctions {
  const fields: Record<string, string> = {
    consent: 'consent',
    accountId: 'account_id',
    transactionId: 'transaction_id',
  };
  return {
    getInputData: () => items.map((json) => ({ json })),
    continueOnFail: () => false,
    getNodeParameter: (name: string, index: number) =>
      name === 'options' ? { positionName: 'p' } : items[index]![fields[name]!],
    getCredentials: (_: string, index: number) =>
      Promise.resolve({ ...settings, clientId: items[index]!.client }),
  } as unknown as IExecuteFunctions;
}

it('marks the transaction of each item for the client that its credential names', async () => {
  const settings = await customCredential('https://bank.example');
  const item = (client: string, transaction_id: string) => ({
    ...{ client, transaction_id, consent: 'household', account_id: 'A-1' },
  });
  for (const clientId of ['client-1', 'client-2']) {
    const mine: BankSettings & KeepingSettings = { ...settings, clientId };
    const tokens = openConsentTokens(await clientOf(mine), mine);
    await tokens.keep('household', passed(tokensOf('at')));
    const { grant } = await tokens.valid('household');
    await tokens.rememberAccounts('household', ['A-1'], grant);
  }
  const context = contextOf([item('client-1', 'T1'), item('client-2', 'T2')], settings);
  const outcomes = await commit.executeAll(context);
  expect(outcomes.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  for (const [clientId, own, other] of [
    ['client-1', 'T1', 'T2'],
    ['client-2', 'T2', 'T1'],
  ] as const) {
    const mine: BankSettings & KeepingSettings = { ...settings, clientId };
    const sync = openSyncMemory(await createClient(mine), mine);
    // How many were not marked before.
    expect(await sync.markProcessed('p', 'household', 'A-1', [own])).toBe(0);
    expect(await sync.markProcessed('p', 'household', 'A-1', [other])).toBe(1);
  }
});
