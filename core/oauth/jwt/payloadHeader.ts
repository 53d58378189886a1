/**
 * The header members of UK Open Banking's message signing (Open Banking Read-Write Data API, "Non-Repudiation"): when and by whom a payload
 * was signed, and who vouches for the key. They are critical (`crit`, RFC 7515 §4.1.11).
 */
export const UK_HEADER = {
  issuedAt: 'http://openbanking.org.uk/iat',
  issuer: 'http://openbanking.org.uk/iss',
  trustAnchor: 'http://openbanking.org.uk/tan',
} as const;

/** The critical header members that the verification of a payload understands. */
export const UNDERSTOOD_MEMBERS: readonly string[] = ['b64', ...Object.values(UK_HEADER)];
