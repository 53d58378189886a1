import { parseArgs } from 'node:util';
import { ACCOUNTS } from './accounts';
import { MISBEHAVIOURS } from './misbehaviours';
import { REGIME_NAMES, type RegimeName } from './regimes/regime';

/** Options of the sandbox. */
export interface SandboxOptions {
  /** Port of the identity server; 0 takes a free port. */
  identityPort: number;
  /** Port of the API gateway; 0 takes a free port. */
  gatewayPort: number;
  /** Directory for keys and certificates. */
  directory: string;
  /** Lifetime of access tokens in seconds. WSO2's default is 3600. */
  accessTokenLifetime: number;
  /** Fewest and most accounts or transactions on a page of the account API. */
  pageSize: { least: number; most: number };
  /** Number of transactions of the first account; `undefined` for the usual number. */
  transactions: number | undefined;
  /** Milliseconds of network delay, each way. */
  delay: number;
  /** One of how many requests for account data is refused with 429; 0 for none. */
  refuseEvery: number;
  /** Whether a refresh returns a new refresh token. WSO2's default is true. */
  rotation: boolean;
  /** Redirect URIs of all clients, in addition to the one of the sandbox's own page. */
  redirectUris: string[];
  /** The regime that the bank plays. */
  regime: RegimeName;
  /** Misbehaviours from the start. */
  misbehave: { name: string; account?: string }[];
}

/** The failure for an invalid command line. Its message is one sentence for the person who typed it. */
export class InvalidOptionError extends Error {}

/** Reads the command line of `sandbox/main.ts`, without the interpreter and the script. */
export function readOptions(commandLine: string[]): SandboxOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: commandLine,
      options: {
        'identity-port': { type: 'string', default: '9446' },
        'gateway-port': { type: 'string', default: '8243' },
        directory: { type: 'string', default: '.sandbox' },
        'access-token-lifetime': { type: 'string', default: '3600' },
        'page-size': { type: 'string', default: '25' },
        transactions: { type: 'string' },
        delay: { type: 'string', default: '0' },
        'refuse-every': { type: 'string', default: '0' },
        'no-rotation': { type: 'boolean', default: false },
        regime: { type: 'string', default: 'wso2' },
        misbehave: { type: 'string', multiple: true, default: [] },
        'redirect-uri': { type: 'string', multiple: true, default: [] },
      },
    }));
  } catch (error) {
    throw new InvalidOptionError((error as Error).message);
  }
  return {
    identityPort: wholeNumber('--identity-port', values['identity-port'], 0, 65_535),
    gatewayPort: wholeNumber('--gateway-port', values['gateway-port'], 0, 65_535),
    directory: values.directory,
    accessTokenLifetime: wholeNumber(
      '--access-token-lifetime',
      values['access-token-lifetime'],
      1,
      31_536_000,
    ),
    pageSize: pageSize(values['page-size']),
    transactions:
      values.transactions === undefined
        ? undefined
        : wholeNumber('--transactions', values.transactions, 1, 1_000_000),
    delay: wholeNumber('--delay', values.delay, 0, 10_000),
    refuseEvery: wholeNumber('--refuse-every', values['refuse-every'], 0, 1_000_000),
    rotation: !values['no-rotation'],
    redirectUris: values['redirect-uri'].map(redirectUri),
    regime: regime(values.regime),
    misbehave: values.misbehave.map(misbehaviour),
  };
}

/**
 * Returns a redirect URI if a bank accepts it: with https, or with http on the customer's own computer, and without a fragment (RFC 6749
 * section 3.1.2).
 *
 * @throws InvalidOptionError for any other text
 */
function redirectUri(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname);
  if ((url?.protocol === 'https:' || local) && !text.includes('#')) return text;
  throw new InvalidOptionError(
    `--redirect-uri must begin with https://, or http://localhost, and have no fragment, unlike "${text}".`,
  );
}

function regime(text: string): RegimeName {
  const known = REGIME_NAMES.find((name) => name === text);
  if (known) return known;
  throw new InvalidOptionError(
    `--regime must be one of ${REGIME_NAMES.join(', ')}, unlike "${text}".`,
  );
}

/** A misbehaviour, such as `shift-pages`, or that of one account, such as `shift-pages:30080012343456`. */
function misbehaviour(text: string): SandboxOptions['misbehave'][number] {
  const [name = '', account] = text.split(':');
  const isKnown = account === undefined || ACCOUNTS.some(({ id }) => id === account);
  if (isKnown && (MISBEHAVIOURS as readonly string[]).includes(name)) return { name, account };
  throw new InvalidOptionError(
    `--misbehave must be one of ${MISBEHAVIOURS.join(', ')}, with ":" and the ID of an account if it is not the first, unlike "${text}".`,
  );
}

/** A number, or the smallest and the largest, such as `5-25`. */
function pageSize(text: string): SandboxOptions['pageSize'] {
  const [, low, high] = /^(\d+)-(\d+)$/.exec(text) ?? [undefined, text, text];
  const least = wholeNumber('--page-size', low, 1, 1_000);
  return { least, most: wholeNumber('--page-size', high, least, 1_000) };
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new InvalidOptionError(
      `${name} must be a whole number from ${least} to ${most}, not "${text}".`,
    );
  }
  return number;
}
