import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { rejectedPage, type Page } from './pages';

type Words = readonly [status: number, title: string, text: string];

const startAgain = 'Start again where you came from.';

const notAnAnswer: Words = [
  400,
  'This is not a complete answer of a bank',
  `Nothing was passed on, and nobody was given access because of it. ${startAgain}`,
];

/** What a customer is told, where it is not what goes for the failures of n8n and its store. */
const words: Partial<Record<ErrorCode, Words>> = {
  'redirect-state-unknown': [
    400,
    'This answer cannot be used',
    `It was used before, or it came more than ten minutes after you were sent to your bank, or you were not sent there from here. If you have just seen a thank-you on this page, all is well and you can close this window. Otherwise: ${startAgain.toLowerCase()}`,
  ],
  'redirect-state-missing': notAnAnswer,
  'redirect-parameter-repeated': notAnAnswer,
  'redirect-malformed': notAnAnswer,
  'redirect-incomplete': notAnAnswer,
  'redirect-too-large': [413, 'This is too long to be the answer of a bank', notAnAnswer[2]],
  'redirect-elsewhere': [
    400,
    'This answer belongs elsewhere',
    `It was passed on to nobody. ${startAgain}`,
  ],
};

const notNow: Words = [
  503,
  'Your answer could not be taken',
  'This is not your fault, and not your bank’s. Reload this page in a minute; if you have to, start again where you came from.',
];

/** The page for what could not be taken. Of the failure it shows the code alone. */
export function rejectionPage(failure: unknown): Page {
  const code = failure instanceof OpenBankingError ? failure.code : undefined;
  const [status, title, text] = (code && wordsFor(code)) ?? notNow;
  return rejectedPage(status, title, text, code ?? 'unexpected');
}

function wordsFor(code: ErrorCode): Words | undefined {
  return words[code] ?? (code.startsWith('response-jwt-') ? notAnAnswer : undefined);
}
