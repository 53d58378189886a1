import type { ErrorCode } from '../../../core/errors/catalogue';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { rejectedPage, type Page } from './pages';
import type { PageName, PageTexts } from './pageTexts';

type Rejection = readonly [status: number, page: PageName];

const notUsable: Rejection = [400, 'notUsable'];

/** The errors of the answer itself. Every other error is a failure of n8n, of the store, or of the settings. */
const rejections: Partial<Record<ErrorCode, Rejection>> = {
  'redirect-state-unknown': [400, 'expired'],
  'redirect-malformed': notUsable,
  'redirect-incomplete': notUsable,
  'redirect-too-large': [413, 'notUsable'],
  'redirect-elsewhere': notUsable,
  'issuer-mismatch': notUsable,
  'state-mismatch': notUsable,
  'code-malformed': notUsable,
  'input-missing': notUsable,
};

/** The page for an answer that was rejected. It shows only the code of the failure. */
export function rejectionPage(failure: unknown, texts: PageTexts): Page {
  const code = failure instanceof OpenBankingError ? failure.code : undefined;
  const [status, name] = (code && rejectionFor(code)) ?? [503, 'notNow'];
  return rejectedPage(texts, status, texts.words[name], code ?? 'unexpected');
}

function rejectionFor(code: ErrorCode): Rejection | undefined {
  return rejections[code] ?? (/^(jwt|id-token)-/.test(code) ? notUsable : undefined);
}
