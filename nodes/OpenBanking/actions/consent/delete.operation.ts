import type { ConsentApi } from '../../../../core/accounts/consents/consentApi';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { Remarks } from '../../../../core/lib/remarks';
import { openSyncMemory } from '../../../../core/sync/openSyncMemory';
import type { TokenSet } from '../../../../core/oauth/grants/tokenSet';
import { endTokens } from '../../../../core/tokens/consents/endTokens';
import { openConsentTokens } from '../../../../core/tokens/openStores';
import { switchOption } from '../../../parameters';
import { regimeRulesOf } from '../../../regimeRules';
import type { ItemInput, ItemOperation } from '../operation';
import { consentApiOf, noConsents } from './consentApiOf';
import { meantConsent } from './meantConsent';

/**
 * Consent → Delete: ends a consent at the bank. If its tokens are stored, it then revokes and deletes them. Nothing is deleted if the bank did
 * not say that the consent has ended.
 */
export const deleteConsent: ItemOperation = {
  isForTools: false,
  async execute(input) {
    const { source, slots, remarks } = input;
    const forgetPosition = switchOption(source, 'forgetPosition', 'Forget Position Too', false);
    const api = consentApiOf(input);
    const { consent, consentIds: known } = await meantConsent(input);
    if (!api && consent === undefined) throw noConsents(input);
    const consentIds = api ? known : [];
    for (const consentId of consentIds) {
      await slots.use(() => endAtBank(api, consentId, remarks));
    }
    const names = consent === undefined ? await namesOf(input, consentIds) : [consent];
    const memory = openSyncMemory(input.client, input.settings);
    for (const name of names) {
      // Before the tokens are deleted: after that, nobody could run the node again for this consent.
      await memory.forgetLater(name);
      await slots.use(() => endStored(input, name, consentIds.length > 0, api !== undefined));
      // After that: as long as the tokens are there, a trigger would begin again, and leave out what it was not told of.
      if (forgetPosition) await memory.forget(name);
    }
    const ended = { deleted: true, ...(consentIds.length > 0 && { consent_id: consentIds[0] }) };
    const rows = names.map((consent) => ({
      ...ended,
      consent,
      position_forgotten: forgetPosition,
    }));
    return [{ rows: rows.length > 0 ? rows : [ended] }];
  },
};

/** The names under which tokens of these consents are stored. */
async function namesOf(
  { client, settings }: ItemInput,
  consentIds: readonly string[],
): Promise<string[]> {
  const kept = await openConsentTokens(client, settings).kept();
  return kept.filter(({ consentId = '' }) => consentIds.includes(consentId)).map(nameOf);
}

const nameOf = ({ consent }: { readonly consent: string }) => consent;

async function endAtBank(
  api: ConsentApi | undefined,
  consentId: string,
  remarks: Remarks,
): Promise<void> {
  const wasThere = await api?.delete(consentId);
  if (wasThere === false) remarks.add(`The consent "${consentId}" had ended at the bank before.`);
}

/**
 * Revokes and deletes the stored tokens.
 *
 * @param hasEnded whether the bank ended the consent: then its tokens are of no use any more
 * @param hasConsents whether banks of this regime have consents beside the tokens
 */
async function endStored(
  input: ItemInput,
  consent: string,
  hasEnded: boolean,
  hasConsents: boolean,
): Promise<void> {
  const { client, settings, remarks } = input;
  const tokens = openConsentTokens(client, settings);
  if (!hasEnded && hasConsents) {
    remarks.add(
      `The bank's ID of the consent "${consent}" is not known: its tokens were ended, and the bank was not told to end the consent itself.`,
    );
  }
  await tokens.end(consent, async (set) => {
    if (await endArrangement(input, consent, set)) return;
    await endTokens(client, set, RUN_AGAIN).catch((error: unknown) => {
      if (!hasEnded || !(error instanceof OpenBankingError)) throw error;
      remarks.add(
        `The bank ended the consent "${consent}". Its tokens could not be revoked as well, and were deleted: ${error.sentence}`,
      );
    });
  });
}

/**
 * Ends the arrangement of stored tokens in Australia: the bank then ends the tokens, too.
 *
 * @returns whether it has ended
 * @throws OpenBankingError the bank's refusal
 */
async function endArrangement(
  { source, settings, client, remarks }: ItemInput,
  consent: string,
  { cdr_arrangement_id: id }: TokenSet,
): Promise<boolean> {
  if (!regimeRulesOf(source, settings).asksSharingDuration) return false;
  const { arrangementRevocation } = await client.endpoints();
  if (typeof id !== 'string' || id === '' || !arrangementRevocation) {
    remarks.add(
      `The arrangement of the consent "${consent}" could not be ended at the bank: ${arrangementRevocation ? 'its tokens came without "cdr_arrangement_id"' : 'no endpoint for that is known'}. Its tokens were revoked.`,
    );
    return false;
  }
  const wasThere = await client.endArrangement(id).catch((error: unknown) => {
    if (!(error instanceof OpenBankingError)) throw error;
    throw error.with({ description: `${error.description} ${RUN_AGAIN}` });
  });
  if (!wasThere) {
    remarks.add(
      `The bank knows no arrangement of the consent "${consent}": it had ended before. Its tokens were revoked.`,
    );
  }
  // Tokens of an arrangement that the bank does not know may still be good.
  return wasThere;
}

const RUN_AGAIN =
  'The consent is still stored: run the node again. To delete it without asking the bank, use "Token" → "Revoke" of the Open Banking Token node with "Only Forget".';
