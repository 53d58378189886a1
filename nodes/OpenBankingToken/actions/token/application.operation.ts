import type { IDataObject } from 'n8n-workflow';
import type { Operation } from '../operation';
import { textOption } from '../../../parameters';
import { chosenOutput, tokenItem } from './output';

/** Get Application Token: `grant_type=client_credentials` (RFC 6749 §4.4). */
export const application: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    const output = chosenOutput(input);
    const scope = textOption(input, 'scope', 'Scope');
    const received = await input.client.applicationToken(scope);
    const { tokens, failedCheck, remarks } = received;
    // Nothing is lost: the next request brings another token.
    if (failedCheck) throw failedCheck;
    return { items: [tokenItem(tokens as IDataObject, output)], remarks };
  },
};
