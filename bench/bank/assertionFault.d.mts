/** The first fault of a client assertion; `undefined` if a bank would accept it. See assertionFault.mjs. */
export function assertionFault(
  assertion: string,
  expected: { clientCertificate: string; clientId: string; keyId: string; audience: string },
): string | undefined;
