import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { ACCOUNTS, CUSTOMER } from './accounts';
import type { Consent, Consents } from './consents';
import { parseForm, readBody, single, type Form } from './form';
import { renderConsent, renderLogin, renderRefusal } from './pages';
import { STRONG_AUTHENTICATION } from './provider';
import { replyPage } from './replies';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Path of the log-in and consent pages. */
export const INTERACTION_PATH = /^\/interaction\/[^/]+(\/login|\/consent)?$/;

/** Answers requests for the log-in and consent pages, and the forms that the customer submits there. */
export async function answerInteraction(
  provider: Provider,
  consents: Consents,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let interaction: Interaction;
  try {
    interaction = await provider.interactionDetails(request, response);
  } catch {
    const html = renderRefusal(
      'session_expired',
      'This page is too old, or its cookie is missing.',
    );
    return replyPage(response, 400, html);
  }
  const client = await provider.Client.find(String(interaction.params.client_id));
  const thirdParty = client?.clientName ?? client?.clientId ?? 'A third party';
  const visit: Visit = { provider, consents, request, response, interaction, thirdParty };
  const form = request.method === 'POST' ? parseForm(String(await readBody(request))) : undefined;
  return interaction.prompt.name === 'login' ? logIn(visit, form) : decide(visit, form);
}

interface Visit {
  provider: Provider;
  consents: Consents;
  request: IncomingMessage;
  response: ServerResponse;
  interaction: Interaction;
  thirdParty: string;
}

async function logIn(visit: Visit, form: Form | undefined): Promise<void> {
  const { provider, request, response, interaction } = visit;
  if (!form) return show(visit, 200, renderLogin(interaction.uid, visit.thirdParty));
  if (
    single(form, 'username') !== CUSTOMER.username ||
    single(form, 'password') !== CUSTOMER.password
  ) {
    const mistake = 'The user name or the password is wrong.';
    return show(visit, 401, renderLogin(interaction.uid, visit.thirdParty, mistake));
  }
  await provider.interactionFinished(request, response, {
    login: {
      accountId: CUSTOMER.id,
      acr: STRONG_AUTHENTICATION,
      amr: ['pwd'],
      remember: false,
    },
  });
}

async function decide(visit: Visit, form: Form | undefined): Promise<void> {
  const { provider, consents, request, response, interaction } = visit;
  const consent = consents.find(intentOf(interaction));
  if (
    consent?.clientId !== interaction.params.client_id ||
    consent?.status !== 'AwaitingAuthorisation'
  ) {
    return provider.interactionFinished(request, response, {
      error: 'invalid_request',
      error_description: 'openbanking_intent_id names no consent that awaits authorisation',
    });
  }
  if (!form) {
    return show(visit, 200, renderConsent(interaction.uid, visit.thirdParty, consent));
  }
  if (single(form, 'decision') !== 'approve') {
    consents.reject(consent);
    return provider.interactionFinished(request, response, {
      error: 'access_denied',
      error_description: 'User denied the consent',
    });
  }
  const chosen = [form.account ?? []].flat();
  const accountIds = ACCOUNTS.map(({ id }) => id).filter((id) => chosen.includes(id));
  if (accountIds.length === 0) {
    const mistake = 'Choose at least one account, or deny.';
    return show(visit, 422, renderConsent(interaction.uid, visit.thirdParty, consent, mistake));
  }
  const grantId = await grant(provider, interaction);
  consents.authorise(consent, accountIds, grantId);
  await provider.interactionFinished(request, response, { consent: { grantId } });
}

async function grant(provider: Provider, interaction: Interaction): Promise<string> {
  const { client_id: clientId, scope } = interaction.params;
  const record = new provider.Grant({
    accountId: interaction.session?.accountId,
    clientId: String(clientId),
  });
  record.addOIDCScope(String(scope));
  record.addOIDCClaims(['openbanking_intent_id']);
  return record.save();
}

/** The consent in the request object (UK Open Banking security profile). */
function intentOf(interaction: Interaction): Consent['id'] | undefined {
  const claims = JSON.parse((interaction.params.claims as string | undefined) ?? '{}') as {
    id_token?: { openbanking_intent_id?: { value?: string } };
  };
  return claims.id_token?.openbanking_intent_id?.value;
}

function show({ response, interaction }: Visit, status: number, html: string): void {
  // Browsers also apply `form-action` to redirects after a form. The last redirect leads to the third party's page.
  replyPage(response, status, html, [new URL(String(interaction.params.redirect_uri)).origin]);
}
