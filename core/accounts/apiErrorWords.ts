import { displayText } from '../lib/displayText';
import type { SecretHider } from '../lib/hiddenSecrets';
import { isJsonObject } from '../lib/json';
import { withoutPartsOfTokens } from '../lib/tokenWords';
import { answerBody, type AnswerBody } from '../oauth/messages/answerBody';
import { bankWords, isCode } from '../oauth/messages/bankWords';
import { joinedWords } from '../oauth/messages/joinedWords';
import type { HttpResponse } from '../transport/send';
import { nameOfCode } from './obieCodes';

/** The words, codes and identifiers of an error answer, in any dialect. */
export interface ApiWords {
  /** Codes of the body and of `WWW-Authenticate`, in the bank's letters. They decide what the answer means. */
  readonly codes: readonly string[];
  /** The answer in a sentence: `with status 403: Forbidden`. It contains no secret. */
  readonly answer: string;
  /** The words alone; empty if there are none. */
  readonly said: string;
  readonly kind: AnswerBody['kind'];
  /** Members of the request that the bank names as wrong (`Path` of Open Banking UK). */
  readonly places: readonly string[];
  /** The bank's own identifier of the failure, or of the request. */
  readonly ids: readonly string[];
}

/** The answer as far as it is read here. */
export type Answer = Pick<HttpResponse, 'status' | 'headers' | 'body'>;

/** Reads an answer that is no success, or no data. @param sentId the `x-fapi-interaction-id` of the request */
export function apiWords(response: Answer, hide: SecretHider, sentId?: string): ApiWords {
  const { status } = response;
  const body = answerBody(response);
  const value = body.kind === 'data' ? withoutId(body.value) : undefined;
  const words = bankWords(value, status);
  const challenge = challengeOf(response);
  const ofBody = words.all.map((text) => (isCode(text) ? nameOfCode(text) : text));
  const all = ofBody.length > 0 ? ofBody : bodyIsSilent(body) ? challenge.words : [];
  const said = joinedWords(all, hide);
  return {
    codes: [...words.codes, ...challenge.codes],
    answer: `with status ${status}${said ? `: ${said}` : ` and ${described(body, hide)}`}`,
    said: said || textOf(body, hide),
    kind: body.kind,
    places: placesIn(value),
    ids: idsOf(body, response, sentId).map((id) => displayText(id, hide)),
  };
}

/** Describes the body of an answer, which is no account data. */
export function described(body: AnswerBody, hide: SecretHider): string {
  if (body.kind === 'empty') return 'an empty body';
  if (body.kind === 'binary') return 'a body that is no text';
  if (body.kind === 'data') return `${body.format} without words`;
  const text = textOf(body, hide);
  const kind = body.kind === 'page' ? 'a web page' : 'a text';
  return text ? `${kind}: "${text}"` : kind;
}

/** The words of a web page or a text. */
function textOf(body: AnswerBody, hide: SecretHider): string {
  if (body.kind === 'text') return withoutPartsOfTokens(displayText(body.text, hide));
  if (body.kind !== 'page') return '';
  return withoutPartsOfTokens(displayText(body.title || body.text, hide));
}

function bodyIsSilent(body: AnswerBody): boolean {
  return body.kind === 'empty' || body.kind === 'binary' || body.kind === 'data';
}

/** A body without the identifier of the failure, which is shown apart. */
function withoutId(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const { Id, ...rest } = value;
  return typeof Id === 'string' || Id === null ? rest : value;
}

/** The bank's identifiers: `Id` of Open Banking UK, and an interaction ID that differs from the one that was sent. */
function idsOf(body: AnswerBody, { headers }: Answer, sentId: string | undefined): string[] {
  const id = body.kind === 'data' && isJsonObject(body.value) ? body.value.Id : undefined;
  const own = headers['x-fapi-interaction-id']?.trim();
  const ids = [typeof id === 'string' ? id.trim() : '', own === sentId ? '' : (own ?? '')];
  return [...new Set(ids)].filter(Boolean).map((given) => given.slice(0, 100));
}

/** `Path` of each error of Open Banking UK. */
function placesIn(value: unknown): string[] {
  const errors = isJsonObject(value) && Array.isArray(value.Errors) ? value.Errors : [];
  return errors.slice(0, 20).flatMap((error: unknown) => {
    const path = isJsonObject(error) ? error.Path : undefined;
    return typeof path === 'string' ? [path] : [];
  });
}

/** The code and the description in `WWW-Authenticate` (RFC 6750 §3). */
function challengeOf({ headers }: Answer): { codes: string[]; words: string[] } {
  const challenge = (headers['www-authenticate'] ?? '').slice(0, 4000);
  const code = /\berror="?([\w.-]{1,100})"?/i.exec(challenge)?.[1];
  const text = /\berror_description="([^"]{1,500})"/i.exec(challenge)?.[1];
  return {
    codes: code === undefined ? [] : [code],
    words: [code, text].filter((word) => word !== undefined),
  };
}
