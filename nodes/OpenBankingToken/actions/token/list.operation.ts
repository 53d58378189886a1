import { keptTokens, shownFor, type Operation } from '../operation';

/** List Stored Consents: an item for each consent of this client, without any secret. */
export const list: Operation = {
  yieldsUserTokens: false,
  fields: shownFor('list', []),
  async execute(input) {
    // Once, whatever comes in.
    if (input.itemIndex > 0) return { items: [], remarks: [] };
    const consents = await (await keptTokens(input)).list();
    return { items: consents.map((consent) => ({ ...consent })), remarks: [] };
  },
};
