import type { INodeProperties } from 'n8n-workflow';
import { algorithms } from '../../../credentials/fields/algorithms';
import { optionsWith, shownFor } from './options';

const operationField: INodeProperties = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  displayOptions: { show: { resource: ['payload'] } },
  default: 'sign',
  options: [
    {
      name: 'Sign',
      value: 'sign',
      action: 'Sign a payload',
      description: 'Sign the body of a request with the signing key of the credential',
    },
    {
      name: 'Verify',
      value: 'verify',
      action: 'Verify a payload',
      description: 'Check that the bank signed an answer, and get what it says',
    },
  ],
};

const trustAnchorOption: INodeProperties = {
  displayName: 'Trust Anchor',
  name: 'trustAnchor',
  type: 'string',
  default: 'openbanking.org.uk',
  description:
    'The domain of the directory that vouches for the key ("http://openbanking.org.uk/tan")',
};

const issuerOption: INodeProperties = {
  displayName: 'Issuer',
  name: 'issuer',
  type: 'string',
  default: '',
  placeholder: 'e.g. 74e929d9-33b6-4d85-8ba7-c146c867a817',
};

const signFields = shownFor(
  'sign',
  [
    {
      displayName: 'Payload',
      name: 'payload',
      type: 'json',
      default: '={{ $json }}',
      description:
        'The content to sign. An object that an expression yields is written as JSON. A text is signed as it is, to the last space.',
    },
    {
      displayName: 'Signed As',
      name: 'form',
      type: 'options',
      noDataExpression: true,
      options: [
        {
          name: 'Compact JWS',
          value: 'compact',
          description: 'Header, text and signature in one; the text may be anything',
        },
        {
          name: 'Detached JWS',
          value: 'detached',
          description:
            'The body is sent as it is, and the signature in the header "x-jws-signature", as UK Open Banking wants it',
        },
        {
          name: 'JWT',
          value: 'jwt',
          description:
            'The payload is the claims of a JWT, as Brazil wants it for payments, and FAPI 2 banks for signed requests',
        },
      ],
      default: 'jwt',
      description: 'The form in which the bank wants the signed payload',
    },
    {
      displayName: 'Audience',
      name: 'audience',
      type: 'string',
      default: '',
      placeholder: 'e.g. https://api.bank.example/open-banking/consents/v3/consents',
      description:
        'The recipient ("aud"): mostly the address that the request goes to, or the issuer of the bank. If the payload has an "aud", that one stands.',
      displayOptions: { show: { form: ['jwt'] } },
    },
    {
      displayName: 'Header Members',
      name: 'headerMembers',
      type: 'options',
      noDataExpression: true,
      options: [
        {
          name: 'Algorithm and Key ID Only',
          value: 'none',
          description: '"alg" and "kid"',
        },
        {
          name: 'UK Open Banking',
          value: 'uk',
          description: 'Also "iat", "iss" and "tan" of openbanking.org.uk, as critical members',
        },
        {
          name: 'UK Open Banking Before 3.1.4',
          value: 'ukUnencoded',
          description: 'As "UK Open Banking", and "b64": false (RFC 7797)',
        },
      ],
      default: 'uk',
      description: 'The members of the header of the signature',
      displayOptions: { show: { form: ['detached'] } },
    },
    {
      displayName: 'Signer',
      name: 'signer',
      type: 'string',
      default: '',
      placeholder: 'e.g. 0015800001041RHAAY/6fGPeYnqyVQvtnq5ryJcwn',
      description:
        'The name of the signer ("http://openbanking.org.uk/iss"): the subject of the signing certificate, or the IDs of organisation and software in the directory, as the bank documents it',
      displayOptions: { show: { form: ['detached'], headerMembers: ['uk', 'ukUnencoded'] } },
    },
    optionsWith(
      {
        displayName: 'Further Header Members',
        name: 'header',
        type: 'json',
        default: '{}',
        placeholder: 'e.g. { "cty": "application/json" }',
        description:
          'A JSON object with members that the header of the signature has in addition, or in place of "typ" and "cty"',
      },
      {
        ...issuerOption,
        description:
          'The sender ("iss") of a JWT, if it is not the client ID: for Brazil the ID of your organisation in the directory. If the payload has an "iss", that one stands.',
      },
      {
        displayName: 'Lifetime (Seconds)',
        name: 'lifetime',
        type: 'number',
        typeOptions: { minValue: 0, numberPrecision: 0 },
        default: 300,
        description:
          'How long a JWT is valid ("exp"). With 0 it has no end. If the payload has an "exp", that one stands.',
      },
      trustAnchorOption,
    ),
  ],
  'payload',
);

const verifyFields = shownFor(
  'verify',
  [
    {
      displayName: 'Signature',
      name: 'signature',
      type: 'options',
      noDataExpression: true,
      options: [
        {
          name: 'Contains the Payload',
          value: 'attached',
          description: 'A JWT or a compact JWS: three parts with dots between them',
        },
        {
          name: 'Detached',
          value: 'detached',
          description: 'The header "x-jws-signature" signs the body',
        },
      ],
      default: 'attached',
      description: 'Where the signed text is',
    },
    {
      displayName: 'Signed Payload',
      name: 'signed',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '={{ $json.data }}',
      required: true,
      description: 'The JWT or compact JWS, for example the body of an answer; it may be encrypted',
      displayOptions: { show: { signature: ['attached'] } },
    },
    {
      displayName: 'Text',
      name: 'text',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '={{ $json.data ?? $json.body }}',
      required: true,
      hint: 'In HTTP Request choose "Response Format" → "Text", and "Include Response Headers and Status"',
      description: 'The body exactly as the bank sent it',
      displayOptions: { show: { signature: ['detached'] } },
    },
    {
      displayName: 'Detached Signature',
      name: 'detachedSignature',
      type: 'string',
      default: "={{ $json.headers['x-jws-signature'] }}",
      required: true,
      description: 'The header "x-jws-signature" of the answer',
      displayOptions: { show: { signature: ['detached'] } },
    },
    optionsWith(
      {
        displayName: 'Algorithm',
        name: 'algorithm',
        type: 'options',
        options: algorithms,
        default: 'PS256',
        description:
          'The algorithm of the signature, if it is not the ID Token Algorithm of the credential',
      },
      {
        displayName: 'Audience',
        name: 'audience',
        type: 'string',
        default: '',
        description: 'The recipient that the payload must name ("aud")',
      },
      {
        displayName: 'Claims',
        name: 'claims',
        type: 'json',
        default: '{}',
        placeholder: 'e.g. { "jti": "{{ $json.jti }}" }',
        description: 'A JSON object: the payload must have these members with these values',
      },
      {
        ...issuerOption,
        description:
          'The signer that the payload must name: "iss", or "http://openbanking.org.uk/iss" of a header that has it',
      },
      {
        ...trustAnchorOption,
        description: 'The trust anchor that the header must name ("http://openbanking.org.uk/tan")',
      },
    ),
  ],
  'payload',
);

/** The fields of the resource Payload. */
export const payloadFields: INodeProperties[] = [operationField, ...signFields, ...verifyFields];
