import { setTimeout } from 'node:timers/promises';
import { importJourney1 } from '../../demo/journey1';
import { execute } from '../../demo/n8n/execution';
import type { SandboxAuthorization } from '../../sandbox/ready';
import type { Sandbox } from '../support/bank/sandbox';
import { TestThirdParty } from '../sandbox/thirdParty';
import type { TemporaryN8n } from './n8nWithPackage';

/**
 * Runs J1, which stores the tokens of a consent. Their access token lives for ten seconds, and those of later refreshes for an hour.
 *
 * @param seconds until the tokens are used: after five they are to be refreshed, and after eleven they have expired
 */
export async function storeConsent(
  n8n: TemporaryN8n,
  bank: Sandbox,
  seconds: 5 | 11,
): Promise<SandboxAuthorization> {
  let authorization: SandboxAuthorization;
  const authorize = async () => (authorization = await bank.authorize());
  const exchange = await importJourney1(n8n, { ready: bank.ready, authorize });
  await bank.setAccessTokenLifetime(10);
  await execute(n8n, exchange.id);
  await setTimeout(seconds * 1000);
  await bank.setAccessTokenLifetime(3600);
  return authorization!;
}

/** Removes a consent at the bank, as a third party does whose customer withdraws it. */
export async function withdraw(bank: Sandbox, consentId: string): Promise<void> {
  const thirdParty = new TestThirdParty(bank.ready);
  const form = { grant_type: 'client_credentials', scope: 'accounts' };
  const { access_token } = (await thirdParty.token(form)).body;
  const path = `/account-access-consents/${consentId}`;
  await thirdParty.api(path, access_token, { method: 'DELETE' });
  thirdParty.close();
}
