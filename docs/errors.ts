/**
 * `npm run docs`: writes docs/errors.md from the catalogue of errors. A test compares the two.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, type ErrorCode } from '../core/errors/catalogue';
import { sentencesOf, type Entry, type Stage } from '../core/errors/entry';
import { serverWords } from '../core/errors/words/serverWords';

const stages: Record<Stage, string> = {
  configuration: 'The configuration: nothing was sent',
  tls: 'The TLS handshake',
  request: 'The way to the bank',
  'authorization-server': 'The bank refused',
  response: 'A response, or tokens in it, that cannot be used',
  store: 'The token store',
  api: 'The account API: the bank refused, or its data cannot be used',
};

/** Failures that happen at banks, and the codes that they lead to. */
const common: [problem: string, codes: ErrorCode[], remark?: string][] = [
  ['PEM pasted with `\\n` written out, on one line, or in quotes', ['pem-repaired']],
  ['PKCS#12 in RC2, "unsupported" since OpenSSL 3', ['pkcs12-legacy']],
  [
    'Encrypted key without or with a wrong passphrase',
    ['passphrase-wrong', 'encryption-unsupported'],
  ],
  [
    'Key of another certificate; chain in the wrong order',
    ['key-certificate-mismatch', 'pem-repaired'],
  ],
  ['Leaf certificate without its intermediate', ['intermediate-missing']],
  ['"Unable to get local issuer certificate"', ['server-certificate-unknown-authority']],
  [
    'Certificate without clientAuth, or about to expire',
    [
      'certificate-purpose',
      'certificate-expires-soon',
      'certificate-expired',
      'certificate-not-yet-valid',
    ],
  ],
  [
    'The bank changed the algorithm of its JWTs',
    ['jwt-algorithm'],
    'Received tokens are not used; the error output has them. The code of a redirect is not used.',
  ],
  [
    'A 5xx or no answer to a refresh',
    ['refresh-outcome-unknown', 'server-error', 'timeout', 'connection-lost'],
    'A refresh token in a node is not sent again within a minute. For a stored consent see docs/tokens.md.',
  ],
  [
    'A rotated refresh token lost after it was received',
    ['response-invalid', 'jwt-malformed'],
    'The error output has the received tokens. Earlier tokens stay stored. The node remembers the result for ten minutes.',
  ],
  [
    'The same refresh token used in parallel',
    ['refresh-token-unknown'],
    'It is sent once, for all items that have it.',
  ],
  [
    'A renewed certificate: tokens are bound to the old one',
    ['certificate-binding-mismatch', 'gateway-token-invalid'],
  ],
  ['Wrong `aud`, or a list of them', ['assertion-audience']],
  ['Clocks that differ', ['clock-offset', 'assertion-time']],
  ['Another algorithm than registered', ['assertion-algorithm', 'algorithm-key-mismatch']],
  ['Unknown key ID, or a cached key set', ['client-credentials-invalid', 'invalid-client']],
  ['An assertion that reaches the bank twice', ['request-altered']],
  [
    'A code that was used, expired, or used up by a wrong redirect URI',
    ['code-used', 'code-unknown', 'redirect-uri-mismatch'],
  ],
  [
    'A code that is still encoded, or in the fragment, or in a JWT',
    ['code-malformed'],
    'Encoded codes and whole addresses are read, also those with a JWT.',
  ],
  [
    'A redirect that was used before, came too late, or is forged',
    [
      'redirect-state-unknown',
      'state-mismatch',
      'redirect-incomplete',
      'id-token-binding',
      'jwt-time',
      'jwt-signature',
    ],
    'Its code is not used. The trigger checks the state and shows a page; the exchange checks the rest.',
  ],
  [
    'An encrypted ID token, or redirect',
    ['jwt-decryption'],
    'It is decrypted with "Decryption Keys" of the credential, or with the signing key.',
  ],
  [
    'A consent or a log-in other than requested',
    ['id-token-consent', 'id-token-acr', 'id-token-auth-time'],
  ],
  [
    'An issuer that changed overnight',
    ['discovery-issuer-mismatch', 'jwt-issuer', 'issuer-mismatch'],
  ],
  ['HTML instead of JSON', ['response-unexpected', 'discovery-failed', 'data-missing']],
  ['Unsafe legacy renegotiation; a TLS version too old', ['tls-outdated']],
  [
    'A proxy that removes the certificate, or refuses',
    ['proxy-failed', 'transport-certificate-refused'],
  ],
  [
    'Host and API Gateway Host swapped; a gateway without a token endpoint',
    ['wrong-server'],
    'The Test button says so.',
  ],
  [
    'The API on another host or port than the token endpoint',
    ['host-not-allowed'],
    'In HTTP Request nodes whose token the credential sets: fill in "API Hosts".',
  ],
  [
    "An application's token at the accounts",
    ['application-token-refused', 'gateway-token-type'],
    'The second one in an HTTP Request node.',
  ],
  [
    'A consent that ended, or a customer who has to log in again',
    ['consent-not-accepted', 'reauthentication-needed', 'permission-missing', 'api-unavailable'],
    'Banks show an ended consent in all these ways. The stored consent is not changed.',
  ],
  [
    'A permission, account or scope that the consent does not have',
    ['permission-missing', 'account-unknown', 'scope-missing'],
    'The other accounts and consents are read.',
  ],
  [
    'A list of accounts that closes soon after the customer has logged in',
    ['permission-missing'],
    'For a stored consent, the node reads the accounts of the last list, with a hint.',
  ],
  ['Transactions that are older than 90 days', ['period-refused', 'permission-missing']],
  [
    'Four reads a day, or a nightly outage',
    ['api-limit-reached', 'api-unavailable'],
    'The node waits at most "Maximum Wait". A longer pause is an error at once, with the time of its end.',
  ],
  [
    'Links to next pages that lead elsewhere, in a circle, or expire',
    ['next-page-elsewhere', 'pages-endless', 'page-expired'],
    'The rows that were read before are put out if the node continues.',
  ],
  ['Amounts that are no numbers, or have no sign', ['amount-unreadable', 'amount-sign-missing']],
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
      return row([
        quoted(code),
        signsOf(code, catalogue[code]),
        sentencesOf(message).join(BREAK),
        advice,
      ]);
    });
    return [
      `## ${stages[stage]} (\`${stage}\`)`,
      '',
      row(['Code', 'Recognized by', 'Message', 'What to do']),
      row(['---', '---', '---', '---']),
      ...rows,
      '',
    ];
  });
  return [
    '<!-- Written by `npm run docs` from core/errors/. -->',
    '',
    '# Errors',
    '',
    'Every failure has a stage, a code, a message and advice. If a code has several messages, one of them is used. In a message, `<name>` stands for a value. In words of a bank, `…` stands for anything.',
    '',
    ...sections,
    '## Common failures, and their codes',
    '',
    row(['Problem', 'Codes', 'Remark']),
    row(['---', '---', '---']),
    ...common.map(([problem, of, remark = '']) =>
      row([problem, of.map(quoted).join(', '), remark]),
    ),
    '',
  ].join('\n');
}

/** How a failure is recognized, in Markdown. */
function signsOf(code: ErrorCode, entry: Entry): string {
  const { gatewayCodes = [], dialectCodes = [], oauthErrors = [], recognized } = entry;
  const shown = serverWords
    .filter((words) => words.code === code)
    .map(({ phrase }) => phrase.replaceAll('*', '…'));
  const words = [...gatewayCodes, ...shown, ...dialectCodes];
  const errors =
    oauthErrors.length > 0 &&
    `${oauthErrors.map(quoted).join(', ')} with a description that is not known`;
  return [...words.map(quoted), errors, recognized].filter(Boolean).join(', ');
}

/** A new line in a cell of a table. */
const BREAK = '<br>';

const quoted = (text: string) => `\`${text}\``;

function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/<(?=\w|…)(?!br>)/g, '\\<')).join(' | ')} |`;
}

if (require.main === module) writeFileSync(join(__dirname, 'errors.md'), renderErrors());
