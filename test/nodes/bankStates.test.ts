import type { BankClient } from '../../core/oauth/client';
import { rulesOf, type Regime } from '../../core/profile/regime';
import { BankStates } from '../../nodes/OpenBankingTrigger/bankStates';

it.each<[Regime, number]>([
  ['uk', 1],
  ['brazil', 1],
  ['australia', 0],
  ['fapi2', 0],
])('asks a bank of the regime %s for %i consents of one', async (regime, count) => {
  const asked: string[] = [];
  const states = new BankStates((_, consentId) => {
    asked.push(consentId);
    return Promise.resolve({ status: 'authorised' });
  });
  const client = { profile: { rules: rulesOf(regime, 'discovery') } } as BankClient;
  const stored = [{ consent: 'household', consentId: 'c-1' }];
  const known = await states.of(client, stored, new AbortController().signal);
  expect(asked).toHaveLength(count);
  expect(known.undecided.size).toBe(0);
});
