import { optionsWith, shownFor, textOptions, tokenOutput, type Operation } from '../operation';

/** Get Application Token: `grant_type=client_credentials` (RFC 6749 §4.4). */
export const application: Operation = {
  yieldsUserTokens: false,
  fields: shownFor('application', [
    optionsWith({
      displayName: 'Scope',
      name: 'scope',
      type: 'string',
      default: '',
      placeholder: 'e.g. accounts',
      description: 'Separated by spaces, where it is not that of the credential',
    }),
  ]),
  async execute(input) {
    const { applicationToken } = await import('../../../../oauth/grants');
    return tokenOutput(await applicationToken(input.profile, textOptions(input).scope));
  },
};
