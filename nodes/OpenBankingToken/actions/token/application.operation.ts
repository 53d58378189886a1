import type { IDataObject } from 'n8n-workflow';
import { optionsWith, shownFor, textOptions, type Operation } from '../operation';
import { applicationOutputOption, chosenOutput, tokenItem } from './outputOption';

/** Get Application Token: `grant_type=client_credentials` (RFC 6749 §4.4). */
export const application: Operation = {
  yieldsUserTokens: false,
  fields: shownFor('application', [
    optionsWith(applicationOutputOption, {
      displayName: 'Scope',
      name: 'scope',
      type: 'string',
      default: '',
      placeholder: 'e.g. accounts',
      description: 'Separated by spaces. Leave empty for that of the credential.',
    }),
  ]),
  async execute(input) {
    const { applicationToken } = await import('../../../../core/oauth/grants/grants');
    const output = chosenOutput(input);
    const received = await applicationToken(input.profile, textOptions(input).scope);
    const { tokens, failedCheck, remarks } = received;
    return { items: [tokenItem(tokens as IDataObject, output)], failedCheck, remarks };
  },
};
