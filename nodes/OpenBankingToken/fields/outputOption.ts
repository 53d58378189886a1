import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

const everything: INodePropertyOptions = {
  name: 'Everything',
  value: 'everything',
  description: 'The token response, with authorization and expires_at first',
};

const header: INodePropertyOptions = {
  name: 'Header Only',
  value: 'header',
  description: 'For the next request: authorization, expires_at and the consent',
};

const consentOnly: INodePropertyOptions = {
  name: 'Consent Only',
  value: 'consent',
  description: 'No token at all: consent, consent_id and expires_at',
};

function outputOption(options: INodePropertyOptions[], description: string): INodeProperties {
  return {
    displayName: 'Output',
    name: 'output',
    type: 'options',
    options,
    default: 'everything',
    description,
  };
}

/** "Output" of an operation that returns the tokens of a stored consent. */
export const storedOutputOption = outputOption(
  [consentOnly, everything, header],
  'The fields of the item. With fewer fields, fewer tokens reach the nodes that follow.',
);

/** "Output" of an operation that receives new tokens: they are lost if they are neither stored nor in the item. */
export const receivedOutputOption = outputOption(
  [consentOnly, everything, header],
  'The fields of the item. All choices but "Everything" leave the refresh token out, so they need "Keep for Consent".',
);

/** "Output" of the application token, which belongs to no consent. */
export const applicationOutputOption = outputOption(
  [everything, header],
  'The fields of the item. With fewer fields, fewer tokens reach the nodes that follow.',
);
