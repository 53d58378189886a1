import { guessableKeyNotice } from '../../../../core/tokens/records/guessableKey';
import { consentTokens, type Operation } from '../operation';
import { firstRefreshTokenRemarks } from '../../../../core/tokens/consents/firstRefreshToken';

/** List Stored Consents: one item for each consent of this client, without any secret. */
export const list: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    // The list is the same for every input item, so only the first one returns it.
    if (input.itemIndex > 0) return { items: [], remarks: [] };
    const { consents, remarks } = await consentTokens(input).overview();
    const guessable = guessableKeyNotice(input.settings.encryptionKey);
    const names = consents.map(({ consent }) => consent);
    return {
      items: consents.map((consent) => ({ ...consent })),
      remarks: [
        ...remarks,
        ...(guessable ? [guessable.text] : []),
        ...firstRefreshTokenRemarks(input.settings, names),
      ],
    };
  },
};
