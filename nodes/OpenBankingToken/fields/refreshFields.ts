import type { INodeProperties } from 'n8n-workflow';
import { keepForConsentOption, optionsWith, shownFor } from './options';
import { receivedOutputOption } from './outputOption';

/** The fields of Refresh. */
export const refreshFields: INodeProperties[] = shownFor('refresh', [
  {
    displayName: 'Refresh Token',
    name: 'refreshToken',
    type: 'string',
    typeOptions: { password: true },
    required: true,
    default: '={{ $json.refresh_token }}',
    description:
      'The refresh token of the last token response. Most banks replace it at every refresh: always use the one in the last output.',
  },
  optionsWith(keepForConsentOption, receivedOutputOption, {
    displayName: 'Original ID Token',
    name: 'originalIdToken',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    description:
      'The ID token of the first token response; the refreshed one has to name the same customer. If this is not set, it is the "id_token" of the incoming item.',
  }),
]);
