import { apiError, type AskedFor } from '../../core/accounts/apiError';

export const INTERACTION = '6f1c2f5e-3c0d-4d3b-9a52-0c7a3f4d1e20';
const TRANSACTIONS = 'https://bank.example:8243/open-banking/v3.1/aisp/accounts/A-1/transactions';

export const asked: AskedFor = {
  url: `${TRANSACTIONS}?page=2`,
  interactionId: INTERACTION,
  authorizedBy: 'consent',
  wasRefreshed: false,
  secrets: [],
  accountId: 'A-1',
  hasPeriod: false,
};

/** The error for an answer. @param body a text, or a value that is sent as JSON */
export function refused(
  status: number,
  body: unknown = '',
  change: Partial<AskedFor> = {},
  headers: Record<string, string> = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const receivedAt = new Date('2026-03-02T10:00:00.250Z');
  const response = { status, headers, body: Buffer.from(text), receivedAt };
  return apiError(response, { ...asked, ...change });
}
