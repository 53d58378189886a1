import { OpenBankingError } from '../errors/OpenBankingError';
import { displayText } from '../lib/displayText';
import { isJsonObject } from '../lib/json';
import { answerBody } from '../oauth/messages/answerBody';
import type { ApiAnswer } from './apiAnswer';
import { decodedBody } from './decodedBody';

/** Bytes of a body that are looked at. */
const BEGINNING = 16 * 1024;

/** Characters of a body that are shown. */
const SHOWN = 120;

/** Number of names of members that are shown. */
const SHOWN_MEMBERS = 10;

/** The failure of an answer that is no JSON: another content, or JSON that is cut off. */
export function notJson(answer: ApiAnswer, asked: string): OpenBankingError {
  const { status, body, headers, secrets = [] } = answer;
  const text = decodedBody(body.subarray(0, BEGINNING), headers['content-type']).trim();
  if (/^[{[]/.test(text))
    return new OpenBankingError('data-missing', {
      problem: 'truncated',
      values: { asked },
      status,
    });
  const values = { asked, status, body: describedBody(text, headers, secrets) };
  return new OpenBankingError('data-missing', { problem: 'notJson', values, status });
}

/** The kind of a body, with its first words. */
function describedBody(
  text: string,
  headers: ApiAnswer['headers'],
  secrets: readonly string[],
): string {
  const body = answerBody({ body: Buffer.from(text), headers });
  if (body.kind === 'binary') return 'binary data';
  if (body.kind === 'data') return body.format;
  const kind = body.kind === 'page' ? 'a web page' : 'a text';
  const words = 'text' in body ? displayText(body.text, secrets).slice(0, SHOWN).trim() : '';
  return words ? `${kind} that begins with "${words}"` : kind;
}

/** The names of the members of a value, for a message. */
export function describedMembers(value: unknown, secrets: readonly string[]): string {
  if (Array.isArray(value)) return 'a list';
  if (!isJsonObject(value)) return value === null ? 'null' : `a ${typeof value}`;
  const names = Object.keys(value);
  if (names.length === 0) return 'no members';
  // An object may have a million members.
  const shown = names.slice(0, SHOWN_MEMBERS).map((name) => shownName(name, secrets));
  const more = names.length > SHOWN_MEMBERS ? ` and ${names.length - SHOWN_MEMBERS} more` : '';
  return shown.join(', ') + more;
}

function shownName(name: string, secrets: readonly string[]): string {
  return `"${displayText(name, secrets).slice(0, 40)}"`;
}
