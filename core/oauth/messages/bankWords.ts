import { codeErrors, descriptionErrors, gatewayErrors } from '../../errors/rows/bankErrors';
import type { ErrorCode } from '../../errors/catalogue';
import type { Entry } from '../../errors/entry';

/** What the catalogue says to look for: what stands in backticks, with `<…>` for anything. */
function phrasesOf({ recognised }: Entry): string[] {
  return [...recognised.matchAll(/`([^`]+)`/g)].map(([, phrase]) => phrase!);
}

function withPhrases(rows: Record<string, Entry>): { code: ErrorCode; phrase: string }[] {
  return Object.entries(rows).flatMap(([code, entry]) =>
    phrasesOf(entry).map((phrase) => ({ code: code as ErrorCode, phrase })),
  );
}

const isCode = (phrase: string) => /^\d+$/.test(phrase);

const descriptions = withPhrases({ ...descriptionErrors, ...gatewayErrors })
  .filter(({ phrase }) => !isCode(phrase))
  .map(({ code, phrase }) => ({
    code,
    pattern: new RegExp(
      phrase
        .split(/<\w+>/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*'),
      'i',
    ),
  }));

const exact = (rows: Record<string, Entry>) =>
  new Map(withPhrases(rows).map(({ code, phrase }) => [phrase, code]));
const errors = exact(codeErrors);
const gatewayCodes = exact(gatewayErrors);

/**
 * What an OAuth error means: by its description where that is known, otherwise by its code.
 *
 * @param error of RFC 6749 §5.2 or §4.1.2.1
 * @param description at most 500 characters
 */
export function meaningOf(error: string, description: string): ErrorCode {
  if (error === 'server_error' || error === 'temporarily_unavailable') return 'server-error';
  return meaningOfDescription(description) ?? errors.get(error) ?? 'bank-refused';
}

/** What a description means, where its words are known. @param description at most 500 characters */
export function meaningOfDescription(description: string): ErrorCode | undefined {
  return descriptions.find(({ pattern }) => pattern.test(description))?.code;
}

/** What a code of WSO2's API gateway means. */
export function meaningOfGatewayCode(code: string): ErrorCode {
  return gatewayCodes.get(code) ?? 'gateway-refused';
}
