import type { ConsentDialect } from './consentDialect';
import { consentSegment } from './consentSegment';

/** The path of the API at banks in Brazil, below `/open-banking`, if the credential does not name it. */
const API = '/consents/v3';

/**
 * Consents of Open Finance Brasil (API Consents 3.3.1). Its directory lists an address for each API, such as
 * `https://api.bank.example/open-banking/consents/v3/consents` or `…/open-banking/accounts/v2/accounts`.
 */
export const brazilConsents: ConsentDialect = {
  url(base, consentId) {
    const { origin, pathname } = new URL(base);
    const path = `${origin}${apiPath(pathname)}/consents`;
    // The ID is a URN, and a colon may stand in a path (RFC 3986 §3.3): not all gateways decode it.
    return consentId === undefined
      ? path
      : `${path}/${consentSegment(consentId).replaceAll('%3A', ':')}`;
  },
  creation({ permissions, expiresAt, cpf, cnpj }) {
    return {
      data: {
        ...(cpf !== undefined && { loggedUser: { document: { identification: cpf, rel: 'CPF' } } }),
        ...(cnpj !== undefined && {
          businessEntity: { document: { identification: cnpj, rel: 'CNPJ' } },
        }),
        permissions: [...new Set(permissions)],
        // In UTC, without fractions of a second. A consent without an end has none.
        ...(expiresAt && {
          expirationDateTime: expiresAt.toISOString().replace(/\.\d{3}Z$/, 'Z'),
        }),
      },
    };
  },
  isSigned: false,
  members: {
    data: 'data',
    consentId: 'consentId',
    status: ['status'],
    statusChangedAt: ['statusUpdateDateTime'],
    expiresAt: 'expirationDateTime',
    permissions: 'permissions',
    createdAt: 'creationDateTime',
  },
};

/** The path of the API, from an address of any API of the bank. */
function apiPath(pathname: string): string {
  const path = pathname.replace(/\/+$/, '');
  const [, ownApi] = /^(.*\/consents\/v\d+)(?:\/consents)?$/.exec(path) ?? [];
  if (ownApi !== undefined) return ownApi;
  const [, beforeOtherApi] = /^(.*)\/[a-z-]+\/v\d+(?:\/[a-z-]+)?$/.exec(path) ?? [];
  return `${beforeOtherApi ?? (path === '' ? '/open-banking' : path)}${API}`;
}
