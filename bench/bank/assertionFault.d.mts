/** What is wrong with a client assertion; nothing where a bank would accept it. See assertionFault.mjs. */
export function assertionFault(
  assertion: string,
  expected: { clientCertificate: string; clientId: string; keyId: string; audience: string },
): string | undefined;
