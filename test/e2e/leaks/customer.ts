import { ADDRESS_FIELD } from '../../../nodes/OpenBankingRedirectTrigger/pages/pages';
import { decodeJwt } from 'jose';
import { halfHash } from '../../support/bank/idTokens';
import { json } from '../../support/bank/scriptedBank';
import { node, row } from '../workflows';
import type { HostileBank } from './hostileBank';
import type { Identity } from './identity';
import { tokenNode } from './kinds';
import { actName, credentialData, triggerName } from './runs';
import type { WatchedN8n } from './watchedN8n';

const CONSENT = 'consent-of-the-customer';

/**
 * A customer gives consent, and comes back after several forged answers. The tokens that the genuine answer brings are stored.
 *
 * @returns the ID of the workflow that receives the customer
 */
export async function letCustomerConsent(
  watched: WatchedN8n,
  bank: HostileBank,
  identity: Identity,
): Promise<string> {
  const address = `${watched.server.url}/webhook/customer`;
  const kind = {
    name: 'customer',
    credential: { ...{ redirectUri: address, scope: 'openid accounts', clientId: 'client-1' } },
  };
  let claims = {};
  bank.prepare(
    kind.name,
    async () => json(200, bank.tokens({ id_token: await bank.idToken(claims) })),
    () => [{}],
  );
  const data = credentialData(bank, identity, {
    ...kind,
    ...{ node: tokenNode('exchange'), fails: false },
  });
  const id = await watched.createCredential(kind.name, data);
  const credentials = { openBankingApi: { id, name: kind.name } };
  const act = (operation: string, parameters: object) => {
    const { type, typeVersion, parameters: all } = tokenNode(operation, parameters);
    return node(actName(operation), type, typeVersion, all, credentials);
  };
  const trigger = Object.assign(
    node(
      triggerName,
      'n8n-nodes-open-banking.openBankingRedirectTrigger',
      1,
      { path: 'customer', options: {} },
      credentials,
    ),
    { webhookId: 'customer-0000' },
  );
  const ask = await watched.createWorkflow(
    row('Ask', [
      node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
      act('createUrl', { consentId: CONSENT }),
    ]),
    { isPublished: false },
  );
  const receive = await watched.createWorkflow(
    row('Receive', [
      trigger,
      act('exchange', { code: '={{ $json.redirect }}', options: { keepForConsent: 'customer' } }),
    ]),
  );
  await watched.run(ask, 'Start');
  const link = new URL(linkIn(watched));
  const { state, nonce } = decodeJwt(link.searchParams.get('request')!) as Record<string, string>;
  bank.marks.handedOut('a state', state!);
  bank.marks.handedOut('a nonce', nonce!);
  claims = { nonce, openbanking_intent_id: CONSENT };
  const back = (parameters: Record<string, string>) =>
    watched.visit('/webhook/customer', {
      [ADDRESS_FIELD]: `${address}#${new URLSearchParams(parameters).toString()}`,
    });
  const code = bank.code();
  const signed = (changes: object) =>
    bank.idToken({ ...claims, c_hash: halfHash(code), s_hash: halfHash(state!), ...changes });
  await back({ code: bank.code(), state: state!, id_token: bank.accessToken() });
  await back({ code: bank.code(), state: bank.code(), id_token: await signed({}) });
  await back({ code, state: state!, id_token: await signed({ nonce: bank.code() }) });
  await back({ code: bank.code(), state: state!, id_token: await signed({}) });
  await back({ response: await bank.idToken({ code, state }) });
  await back({ error: bank.code(), error_description: code, state: bank.code() });
  const page = await back({ code, state: state!, id_token: await signed({}) });
  if (!page.includes('You’re connected')) throw new Error(`The answer was not taken: ${page}`);
  await watched.hasEnded(receive);
  await back({ code, state: state!, id_token: await signed({}) });
  return receive.id;
}

/** The address for the customer, in the last message to the editor that has one. */
function linkIn({ frames }: WatchedN8n): string {
  const links = frames.flatMap(
    ({ body }) => /https:[^"\\]*\/customer\/authorize\?[^"\\]*/.exec(body) ?? [],
  );
  return links.at(-1)!;
}
