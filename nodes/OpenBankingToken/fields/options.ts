import type { INodeProperties } from 'n8n-workflow';
import { itemsAtOnce, optionsField } from '../../fields/optionsField';
import { shownWith } from '../../fields/shownWith';

/** Shows fields for one operation only. */
export function shownFor(
  operation: string,
  fields: INodeProperties[],
  resource = 'token',
): INodeProperties[] {
  return shownWith({ resource: [resource], operation: [operation] }, fields);
}

/** The collection "Options" of an operation: the given options and the one that every operation has. */
export function optionsWith(...options: INodeProperties[]): INodeProperties {
  return optionsField(
    itemsAtOnce(
      'How many items are processed at the same time, each over its own connection to the bank',
    ),
    ...options,
  );
}

/** The scope of a request. */
export const scopeOption: INodeProperties = {
  displayName: 'Scope',
  name: 'scope',
  type: 'string',
  default: '',
  placeholder: 'e.g. openid accounts',
  description: 'Separated by spaces, in place of the scope of the credential',
};

/** The redirect URI of a request, with the description of its use. */
export function redirectUriOption(description: string): INodeProperties {
  return {
    displayName: 'Redirect URI',
    name: 'redirectUri',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://app.example/redirect',
    description,
  };
}

/** The consent under whose name received tokens are stored. */
export const keepForConsentOption: INodeProperties = {
  displayName: 'Keep for Consent',
  name: 'keepForConsent',
  type: 'string',
  default: '',
  placeholder: 'e.g. {{ $json.consent }}',
  description:
    'The name to store the tokens under, encrypted. "Get Stored Token", and HTTP Request with a consent\'s token, find them by this name, and refresh them before they expire.',
};
