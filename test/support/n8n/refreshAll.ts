import type { IDataObject } from 'n8n-workflow';
import type { RotatingBank } from '../bank/rotatingBank';
import { outputOf, runNode } from './nodeExecution';

/** The counts of {@link refreshAll}. */
export interface RefreshedItems {
  readonly items: number;
  /** Token requests of the bank. */
  readonly requests: number;
  /** Items with the tokens that the bank sent last for their consent. */
  readonly received: number;
  /** Consents that the bank ended, because it got an old refresh token. */
  readonly ended: number;
  /** Items with tokens that are paired with the input item of another consent. */
  readonly outOfPlace: number;
}

/** Refreshes items in one execution, with "Retry On Fail" and "On Error: Continue". The bank refuses the first item. */
export async function refreshAll(bank: RotatingBank, count: number): Promise<RefreshedItems> {
  const consents = Array.from({ length: count - 1 }, (_, index) => `consent-${index}`);
  const before = bank.tokenRequests.count;
  const task = await runNode({
    credential: { ...bank.settings } as IDataObject,
    items: ['unknown', ...consents.map((consent) => bank.consent(consent))].map((token) => ({
      refresh_token: token,
    })),
    parameters: {
      ...{ resource: 'token', operation: 'refresh', refreshToken: '={{ $json.refresh_token }}' },
      options: { concurrency: 32 },
    },
    onError: 'continueRegularOutput',
    retryOnFail: true,
  });
  const output = outputOf(task);
  const inputOf = new Map(consents.map((consent, index) => [`at-${consent}-1`, index + 1]));
  const withTokens = output.filter(({ json }) => json.authorization !== undefined);
  return {
    items: output.length,
    requests: bank.tokenRequests.count - before,
    received: withTokens.filter(({ json }) => inputOf.has(String(json.access_token))).length,
    ended: bank.revoked().length,
    outOfPlace: withTokens.filter(({ json, pairedItem }) => {
      const { item } = pairedItem as { item: number };
      return inputOf.get(String(json.access_token)) !== item;
    }).length,
  };
}
