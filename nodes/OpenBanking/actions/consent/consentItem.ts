import type { IDataObject } from 'n8n-workflow';
import type { BankConsent } from '../../../../core/accounts/consents/consentResponse';

/**
 * A consent of the bank as an item.
 *
 * @param consent the name under which its tokens are stored; `undefined` if there are none
 */
export function consentItem(found: BankConsent, consent?: string): IDataObject {
  return {
    ...(consent !== undefined && { consent }),
    consent_id: found.consentId,
    ...bankFields(found),
  };
}

/** The fields that come from the bank. */
export function bankFields(found: BankConsent): IDataObject {
  const fields = {
    status: found.status,
    ends_at: found.expiresAt,
    transactions_from: found.transactionsFrom,
    transactions_to: found.transactionsTo,
    permissions: [...found.permissions],
    created_at: found.createdAt,
    status_changed_at: found.statusChangedAt,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
