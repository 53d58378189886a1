import { OpenBankingError } from '../errors/OpenBankingError';
import { unseenCharacterIn } from '../lib/visible';

/** A header value with a bearer token, a JWT, or a key or certificate in PEM. */
const SECRET = /^Bearer\s|^ey[\w-]+\.[\w-]+\.|-----BEGIN/i;

/** Maximum number of characters of a consent's name. */
const MAXIMUM_LENGTH = 500;

/** Expressions that repair a name. Each changes only the characters that {@link assertVisible} refuses: other letters tell customers apart. */
const REPAIRS = {
  space: String.raw`replace(/\p{Zs}/gu, " ")`,
  unseen: String.raw`replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu, "")`,
  letters: 'normalize("NFC")',
};

/** Whether people can tell a name from each other name. Earlier versions of this package accepted all names. */
export function isUnmistakable(name: string): boolean {
  return unseenCharacterIn(name) === undefined && name === name.normalize('NFC');
}

/**
 * Asserts that a name for new tokens {@link isUnmistakable}.
 *
 * @throws OpenBankingError `consent-malformed`
 */
export function assertVisible(name: string): void {
  if (isUnmistakable(name)) return;
  const character = unseenCharacterIn(name);
  if (character === undefined) {
    throw new OpenBankingError('consent-malformed', {
      problem: 'letters',
      description: repairedBy(REPAIRS.letters),
    });
  }
  throw new OpenBankingError('consent-malformed', {
    problem: 'unseen',
    values: { character },
    description: repairedBy(/(?! )\p{Zs}/u.test(name) ? REPAIRS.space : REPAIRS.unseen),
  });
}

function repairedBy(repair: string): string {
  return `Type the name again by hand. If it comes from an expression, use for example {{ $json.consent.${repair} }}, and make sure that no two customers get the same name. Nothing was sent.`;
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
