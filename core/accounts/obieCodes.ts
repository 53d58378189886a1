/** Codes of v4.0 for which v3.1 has a name: those of `OBExternalStatusReason1Code` that come with errors. */
const NAMES: Readonly<Record<string, string>> = {
  U000: 'UK.OBIE.UnexpectedError',
  U001: 'UK.OBIE.Field.Expected',
  U002: 'UK.OBIE.Field.Invalid',
  U003: 'UK.OBIE.Field.InvalidDate',
  U004: 'UK.OBIE.Field.Missing',
  U005: 'UK.OBIE.Field.Unexpected',
  U006: 'UK.OBIE.Header.Invalid',
  U007: 'UK.OBIE.Header.Missing',
  U008: 'UK.OBIE.Resource.ConsentMismatch',
  U009: 'UK.OBIE.Resource.InvalidConsentStatus',
  U010: 'UK.OBIE.Resource.InvalidFormat',
  U011: 'UK.OBIE.Resource.NotFound',
  U015: 'UK.OBIE.Signature.Invalid',
  U016: 'UK.OBIE.Signature.InvalidClaim',
  U017: 'UK.OBIE.Signature.MissingClaim',
  U018: 'UK.OBIE.Signature.Malformed',
  U019: 'UK.OBIE.Signature.Missing',
  U020: 'UK.OBIE.Signature.Unexpected',
  U021: 'UK.OBIE.Unsupported.AccountIdentifier',
  U028: 'UK.OBIE.Reauthenticate',
};

/** The prefixes of the two versions. */
const PREFIX = /^uk\.(?:obie|ob)\./i;

/** A code of Open Banking UK without its prefix, in lower case: `resource.notfound`. It is `undefined` if the text is no such code. */
export function obieMeaning(code: string): string | undefined {
  const name = NAMES[code.toUpperCase()] ?? code;
  return PREFIX.test(name) ? name.replace(PREFIX, '').toLowerCase() : undefined;
}

/** A code as it is shown: one of v4.0 with its name in v3.1, because nobody knows these codes by heart. */
export function nameOfCode(code: string): string {
  const name = NAMES[code.toUpperCase()];
  return name === undefined ? code : `${code} (${name})`;
}
