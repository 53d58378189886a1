/**
 * `npm run docs`: writes docs/errors.md from the catalogue in the code. A test compares the two.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, type ErrorCode } from '../core/errors/catalogue';
import type { Entry, Stage } from '../core/errors/entry';

const stages: Record<Stage, string> = {
  configuration: 'What is configured: nothing was sent',
  tls: 'The TLS handshake',
  request: 'The way to the bank',
  'authorization-server': 'What the bank answered',
  response: 'An answer, or the tokens in it, that cannot be used',
  store: 'Where tokens are kept',
};

/** Failures that people meet at banks, and what becomes of each. */
const met: [problem: string, codes: ErrorCode[], remark?: string][] = [
  ['PEM pasted with `\\n` written out, on one line, in quotes', ['pem-repaired']],
  ['PKCS#12 in RC2, "unsupported" since OpenSSL 3', ['pkcs12-legacy']],
  [
    'Encrypted key without or with a wrong passphrase',
    ['passphrase-missing', 'passphrase-wrong', 'private-key-encryption-unsupported'],
  ],
  [
    'Key of another certificate; chain in the wrong order',
    ['key-certificate-mismatch', 'chain-reordered'],
  ],
  ['Leaf certificate without its intermediate', ['intermediate-missing']],
  ['"Unable to get local issuer certificate"', ['server-certificate-unknown-authority']],
  [
    'Certificate without clientAuth, or about to expire',
    [
      'certificate-client-auth-missing',
      'certificate-key-usage',
      'certificate-expires-within-30-days',
      'certificate-expires-within-7-days',
      'certificate-expired',
      'certificate-not-yet-valid',
    ],
  ],
  [
    'The bank changed the algorithm of its JWTs',
    ['id-token-algorithm', 'response-jwt-algorithm'],
    'Tokens that came are put out all the same; the code of a redirect is not used.',
  ],
  [
    'A 5xx or no answer to a refresh',
    ['server-error', 'timeout', 'connection-lost'],
    'The error says that the outcome is unknown; nothing is repeated within a minute.',
  ],
  [
    'A rotated refresh token lost after it was received',
    ['token-response-invalid', 'id-token-malformed'],
    'Received tokens are put out with `failed_check`, whatever check fails.',
  ],
  [
    'The same refresh token used in parallel',
    ['refresh-token-unknown'],
    'Within n8n it is sent once, for all items that carry it.',
  ],
  [
    'A renewed certificate: tokens are bound to the old one',
    ['certificate-binding-mismatch', 'gateway-token-invalid'],
  ],
  ['Wrong `aud`, or a list of them', ['assertion-audience']],
  [
    'Clocks that differ',
    ['clock-offset', 'assertion-expired', 'assertion-too-old', 'assertion-not-yet-valid'],
  ],
  ['Another algorithm than registered', ['assertion-algorithm', 'algorithm-key-mismatch']],
  ['Unknown key ID, or a cached key set', ['client-credentials-invalid', 'invalid-client']],
  ['An assertion that reaches the bank twice', ['assertion-replayed']],
  [
    'A code that was used, expired, or burned by a wrong redirect URI',
    ['code-used', 'code-expired', 'code-unknown', 'redirect-uri-mismatch'],
  ],
  [
    'A code that is still encoded, or in the fragment, or in a JWT',
    ['code-malformed'],
    'Encoded codes and whole addresses are read, those with a JWT too.',
  ],
  [
    'A redirect that was used before, came too late, or is forged',
    [
      'redirect-state-unknown',
      'state-mismatch',
      'redirect-incomplete',
      'id-token-nonce',
      'id-token-code-hash',
      'id-token-state-hash',
      'id-token-time',
      'response-jwt-signature',
      'response-jwt-time',
    ],
    'Its code is not used. The trigger compares the state, and shows a page that says so; the exchange compares the rest.',
  ],
  [
    'An encrypted ID token, or redirect',
    ['id-token-decryption', 'response-jwt-decryption'],
    'It is decrypted with the signing key: the separate one, where there is one.',
  ],
  [
    'A consent or a log-in that is not what was asked for',
    ['id-token-consent', 'id-token-acr', 'id-token-auth-time'],
  ],
  [
    'An issuer that changed overnight',
    ['discovery-issuer-mismatch', 'id-token-issuer', 'response-jwt-issuer', 'issuer-mismatch'],
  ],
  ['HTML in place of JSON', ['response-not-json', 'discovery-failed']],
  [
    'Unsafe legacy renegotiation; a TLS version too old',
    ['tls-legacy-renegotiation', 'tls-version-unsupported'],
  ],
  [
    'A proxy that swallows the certificate, or refuses',
    ['proxy-refused', 'proxy-authentication', 'proxy-address', 'transport-certificate-missing'],
  ],
  [
    'Host and API Gateway Host swapped; a gateway without a token endpoint',
    ['wrong-server'],
    'The Test button says so.',
  ],
  ["An application's token at the accounts", ['gateway-claim-mismatch', 'gateway-token-type']],
  ['A refresh token that expired before the next run', ['refresh-token-expired']],
];

/** The text of docs/errors.md. */
export function renderErrors(): string {
  const codes = Object.keys(catalogue) as ErrorCode[];
  const sections = (Object.keys(stages) as Stage[]).flatMap((stage) => {
    const ofStage = codes.filter((code) => catalogue[code].stage === stage);
    if (ofStage.length === 0) return [];
    const rows = ofStage.map((code) => {
      const { message, advice } = catalogue[code];
      return row([quoted(code), signsOf(catalogue[code]), message, advice]);
    });
    return [
      `## ${stages[stage]} (\`${stage}\`)`,
      '',
      row(['Code', 'Recognised by', 'Message', 'What to do']),
      row(['---', '---', '---', '---']),
      ...rows,
      '',
    ];
  });
  return [
    '<!-- Written by `npm run docs` from errors/. -->',
    '',
    '# Errors',
    '',
    'Every failure has a stage, a code that never changes, a message, and advice. In a message `<…>` stands for what differs from one time to the next.',
    '',
    ...sections,
    '## Failures that people meet, and their codes',
    '',
    row(['Problem', 'Codes', 'Remark']),
    row(['---', '---', '---']),
    ...met.map(([problem, of, remark = '']) => row([problem, of.map(quoted).join(', '), remark])),
    '',
  ].join('\n');
}

/** How a failure is recognised, in Markdown. */
function signsOf({ phrases = [], gatewayCodes = [], oauthError, recognised }: Entry): string {
  const words = [...gatewayCodes, ...phrases.map((phrase) => phrase.replaceAll('*', '…'))];
  const error = oauthError && `${quoted(oauthError)}, with a description that is not known`;
  return [...words.map(quoted), error, recognised].filter(Boolean).join(', ');
}

const quoted = (text: string) => `\`${text}\``;

function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/<(?=\w|…)/g, '\\<')).join(' | ')} |`;
}

if (require.main === module) writeFileSync(join(__dirname, 'errors.md'), renderErrors());
