import type { ConsentDialect, ConsentMembers } from './consentDialect';
import type { RequestedConsent } from './consentRequest';
import { consentSegment } from './consentSegment';

/** The resource, below the base address of the account API. */
const PATH = '/account-access-consents';

/** Saudi Arabia's names differ from those of Open Banking UK in the status. */
const members: ConsentMembers = {
  data: 'Data',
  consentId: 'ConsentId',
  status: ['Status', 'ConsentStatus'],
  statusChangedAt: ['StatusUpdateDateTime', 'ConsentStatusUpdateDateTime'],
  expiresAt: 'ExpirationDateTime',
  transactionsFrom: 'TransactionFromDateTime',
  transactionsTo: 'TransactionToDateTime',
  permissions: 'Permissions',
  createdAt: 'CreationDateTime',
};

/** Consents of Open Banking UK (`OBReadConsent1`): the same in v3.1 and v4.0. */
export const obieConsents: ConsentDialect = {
  url: (base, consentId) =>
    `${base}${PATH}${consentId === undefined ? '' : `/${consentSegment(consentId)}`}`,
  creation: (requested) => ({ Data: dataOf(requested), Risk: {} }),
  isSigned: false,
  members,
};

/**
 * Consents of KSA Open Banking (Account Information API 2024.09.01, `OBReadConsentSigned`): those of the UK, signed, with the customer's ID
 * number and the purposes. They are ended by PATCH.
 */
export const saudiConsents: ConsentDialect = {
  ...obieConsents,
  creation(requested) {
    const { nationalId, purposes, risk = {} } = requested;
    const data = {
      ...dataOf(requested),
      ...(nationalId !== undefined && { NationalIdentificationNumber: nationalId }),
      ...(purposes && { ConsentPurpose: purposes }),
    };
    return { Data: data, Risk: risk };
  },
  end: (isAwaiting) => ({
    Data: { ConsentStatus: isAwaiting ? 'Rejected' : 'Finished', RevokedBy: 'KSAOB.TPP' },
  }),
  isSigned: true,
};

/** The time of day has an offset, as the standard demands, and whole seconds, as its examples have. */
function dataOf(requested: RequestedConsent): object {
  const { permissions, expiresAt, transactionsFrom, transactionsTo } = requested;
  return {
    Permissions: [...new Set(permissions)],
    ...(expiresAt && { ExpirationDateTime: timeText(expiresAt) }),
    ...(transactionsFrom && { TransactionFromDateTime: timeText(transactionsFrom) }),
    ...(transactionsTo && { TransactionToDateTime: timeText(transactionsTo) }),
  };
}

function timeText(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, '+00:00');
}
