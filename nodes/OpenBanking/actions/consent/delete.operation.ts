import type { ConsentApi } from '../../../../core/accounts/consents/consentApi';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { Remarks } from '../../../../core/lib/remarks';
import { openSyncMemory } from '../../../../core/sync/openSyncMemory';
import { endTokens } from '../../../../core/tokens/consents/endTokens';
import { openConsentTokens } from '../../../../core/tokens/openStores';
import { switchOption } from '../../../parameters';
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
  { client, settings, remarks }: ItemInput,
  consent: string,
  hasEnded: boolean,
  hasConsents: boolean,
): Promise<void> {
  const tokens = openConsentTokens(client, settings);
  if (!hasEnded && hasConsents) {
    remarks.add(
      `The bank's ID of the consent "${consent}" is not known: its tokens were ended, and the bank was not told to end the consent itself.`,
    );
  }
  await tokens.end(consent, (set) =>
    endTokens(client, set, RUN_AGAIN).catch((error: unknown) => {
      if (!hasEnded || !(error instanceof OpenBankingError)) throw error;
      remarks.add(
        `The bank ended the consent "${consent}". Its tokens could not be revoked as well, and were deleted: ${error.sentence}`,
      );
    }),
  );
}

const RUN_AGAIN =
  'The consent is still stored: run the node again. To delete it without asking the bank, use "Token" → "Revoke" of the Open Banking Token node with "Only Forget".';
