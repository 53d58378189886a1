import { OpenBankingError } from '../errors/OpenBankingError';
import { unseenCharacterIn } from '../lib/visible';

/** A header value with a bearer token, a JWT, or a key or certificate in PEM. */
const SECRET = /^Bearer\s|^ey[\w-]+\.[\w-]+\.|-----BEGIN/i;

/** Maximum number of characters of a consent's name. */
const MAXIMUM_LENGTH = 500;

/**
 * Asserts that a name for new tokens has no unseen characters: nobody could tell it from another name.
 *
 * @throws OpenBankingError `consent-malformed`
 */
export function assertVisible(name: string): void {
  const character = unseenCharacterIn(name);
  if (!character) return;
  throw new OpenBankingError('consent-malformed', {
    problem: 'unseen',
    values: { character },
    description:
      'Remove the character, for example with {{ $json.consent.replace(/[^\\w .:-]/g, "") }}, or give another name. Nothing was sent.',
  });
}

/**
 * The name under which tokens are stored, without white space around it.
 *
 * @throws OpenBankingError `input-missing`, `consent-malformed`
 */
export function consentName(given: unknown): string {
  if (typeof given === 'number' && !Number.isSafeInteger(given)) {
    throw new OpenBankingError('consent-malformed', {
      problem: 'rounded',
      description:
        'Give the name as text, for example {{ $json.customer.toString() }} of a text field.',
    });
  }
  // An expression may yield a number or `undefined`.
  const name = typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
  if (!name)
    throw new OpenBankingError('input-missing', { problem: 'input', values: { input: 'Consent' } });
  if (SECRET.test(name)) {
    throw new OpenBankingError('consent-malformed', {
      problem: 'secret',
      description:
        'Give the name that the tokens are stored under, for example {{ $json.consent }}. It is written to logs and errors, so that it must not be a secret.',
    });
  }
  if (name.includes('{{')) {
    throw new OpenBankingError('consent-malformed', {
      problem: 'expression',
      description:
        'In a node, switch the field from Fixed to Expression. The credential takes no expression here: name the consent by the header "x-open-banking-consent" of the node.',
    });
  }
  // Names with other unseen characters were accepted once, and their tokens have to stay within reach.
  if (name.length > MAXIMUM_LENGTH || /[\p{Cc}\p{Cs}]/u.test(name)) {
    throw new OpenBankingError('consent-malformed', { problem: 'characters' });
  }
  return name;
}
