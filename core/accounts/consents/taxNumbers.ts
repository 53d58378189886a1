/** A tax number of Brazil. */
export type TaxNumberKind = 'CPF' | 'CNPJ';

/** Signs with which people write these numbers: `529.982.247-25`, `11.222.333/0001-81`. */
const SIGNS = /[\s./-]/g;

const FORMS: Readonly<Record<TaxNumberKind, { readonly form: RegExp; readonly text: string }>> = {
  CPF: { form: /^\d{11}$/, text: '11 digits' },
  // With letters since July 2026 (Receita Federal, Nota Técnica COCAD/SUARA/RFB 49/2024).
  CNPJ: { form: /^[\dA-Z]{12}\d{2}$/, text: '12 digits or letters and then two digits' },
};

/** A tax number, or the reason why it is none, as a clause. */
export type TaxNumber = { readonly number: string } | { readonly fault: string };

/**
 * Reads a tax number, with or without the signs between its parts. Its last two digits are check digits: each finds a typing error.
 *
 * @param given as a person wrote it
 */
export function taxNumber(given: string, kind: TaxNumberKind): TaxNumber {
  const number = given.replace(SIGNS, '').toUpperCase();
  const { form, text } = FORMS[kind];
  if (!form.test(number)) return { fault: `a ${kind} has ${text}` };
  // Such numbers pass the sum, and nobody has one.
  if (/^(.)\1*$/.test(number)) return { fault: `a ${kind} is never one digit repeated` };
  const body = number.slice(0, -2);
  const first = checkDigit(body, kind);
  const second = checkDigit(body + first, kind);
  if (number !== body + first + second) {
    return { fault: 'its two check digits at the end do not fit the others' };
  }
  return { number };
}

/** The check digit of digits and letters: modulo 11, with weights from 2 on, counted from the right. Those of a CNPJ go up to 9. */
function checkDigit(body: string, kind: TaxNumberKind): string {
  const weights = kind === 'CNPJ' ? 8 : body.length;
  const sum = [...body]
    .reverse()
    .reduce((all, sign, index) => all + (sign.charCodeAt(0) - 48) * (2 + (index % weights)), 0);
  const rest = sum % 11;
  return String(rest < 2 ? 0 : 11 - rest);
}
