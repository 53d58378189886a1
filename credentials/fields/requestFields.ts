import type { INodeProperties } from 'n8n-workflow';

/** Redirect URI and scope of token requests, and the authorization of HTTP Request nodes. */
export const requestFields: INodeProperties[] = [
  {
    displayName: 'Redirect URI',
    name: 'redirectUri',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://app.example/redirect',
    description:
      'The address that the bank sends customers to after they consented, exactly as it was registered. Needed to exchange authorization codes.',
  },
  {
    displayName: 'Scope',
    name: 'scope',
    type: 'string',
    default: 'openid accounts',
    placeholder: 'e.g. openid accounts',
    description: 'The permissions that tokens are requested for, separated by spaces',
  },
  {
    displayName: 'Authorize HTTP Requests With',
    name: 'authorizeWith',
    type: 'options',
    options: [
      {
        name: 'Client Certificate Only',
        value: 'certificate',
        description: 'The workflow sets the Authorization header itself',
      },
      {
        name: 'Application Token',
        value: 'application',
        description: 'A token for the application is requested, held in memory and set',
      },
      {
        name: "A Consent's Token",
        value: 'consent',
        description:
          'The stored token of a customer\'s consent is set. The header "x-open-banking-consent" of the node names the consent.',
      },
    ],
    default: 'certificate',
    description:
      'The token that HTTP Request nodes with this credential send to the bank, in addition to the client certificate',
  },
];

/** The recipient of authorization requests that are signed. */
export const requestObjectAudienceField: INodeProperties = {
  displayName: 'Request Object Audience',
  name: 'requestObjectAudience',
  type: 'string',
  default: '',
  placeholder: 'e.g. https://is.bank.example/oauth2/token',
  description:
    '"aud" of the signed authorization request ("Create Authorization URL"), if the bank wants another one than its issuer',
};

/**
 * Hosts that tokens may be sent to, in addition to those of the endpoints. Most WSO2 banks need none: "API Gateway Host" names the host of
 * the API.
 */
export function apiHostsField(banks: string[]): INodeProperties {
  return {
    displayName: 'API Hosts',
    name: 'apiHosts',
    type: 'string',
    default: '',
    placeholder: 'e.g. api.bank.example, rs.bank.example:8443',
    description:
      "The hosts of the bank's APIs, separated by commas. HTTP Request nodes send certificate and token to these hosts and to those of the addresses above, and to no other. A host with a port stands for this port only.",
    displayOptions: { show: { authorizeWith: ['application', 'consent'], bank: banks } },
  };
}

/** The consent of HTTP requests whose node names none. */
export const consentFields: INodeProperties[] = [
  {
    displayName: 'Consent',
    name: 'consent',
    type: 'string',
    noDataExpression: true,
    default: '',
    placeholder: 'e.g. household',
    description:
      'The name that the tokens are stored under, for nodes without the header "x-open-banking-consent". It takes no expression, because n8n would use the value of the first item for all items.',
    displayOptions: { show: { authorizeWith: ['consent'] } },
  },
  {
    displayName: 'First Refresh Token',
    name: 'firstRefreshToken',
    type: 'string',
    typeOptions: { password: true },
    noDataExpression: true,
    default: '',
    description:
      'Only to start with a refresh token that you got elsewhere, for the consent above. It is used once: empty this field after its first use.',
    displayOptions: { show: { authorizeWith: ['consent'] } },
  },
];
