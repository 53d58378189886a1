import { parseJson } from '../../lib/json';
import type { HttpResponse } from '../../transport/send';
import { xmlContent } from './xmlWords';

/** The body of an answer, as far as reasons can be in it. */
export type AnswerBody =
  | { readonly kind: 'empty' | 'binary' }
  /** JSON, or a form or XML as JSON. */
  | { readonly kind: 'data'; readonly format: 'JSON' | 'a form' | 'XML'; readonly value: unknown }
  /** A web page: its title or first heading, and its beginning without tags. */
  | { readonly kind: 'page'; readonly title: string; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

/** Number of bytes that are read of a body. Refusals are a hundred times smaller, and reading one blocks everything else. */
const READ = 128 * 1024;

/** Number of bytes that are read of a body that is no JSON. */
const BEGINNING = 16 * 1024;

/** A form with an error, as some authorization servers send it. */
const FORM = /^(?=(?:.*&)?error=)[\w.~%+&=:/-]+$/;

/** Signs that no text has. */
const BINARY = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** Reads the body of an answer by its beginning. The type that the answer claims decides only between a web page and XML. */
export function answerBody({
  body: whole,
  headers,
}: Pick<HttpResponse, 'body' | 'headers'>): AnswerBody {
  if (whole.length === 0) return { kind: 'empty' };
  const body = whole.subarray(0, READ);
  const value = parseJson(body);
  if (typeof value === 'string') return ofText(value);
  if (value !== undefined) return { kind: 'data', format: 'JSON', value };
  const text = beginningOf(body).trim();
  const isPage = (headers['content-type'] ?? '').includes('html');
  if (!text.startsWith('<') && !isPage) return ofText(text);
  const xml = isPage ? undefined : xmlContent(text);
  return xml
    ? { kind: 'data', format: 'XML', value: xml }
    : { kind: 'page', title: titleOf(text), text: withoutTags(text) };
}

function ofText(given: string): AnswerBody {
  const text = given.trim();
  if (text === '') return { kind: 'empty' };
  if (BINARY.test(text.slice(0, 1000))) return { kind: 'binary' };
  const beginning = text.slice(0, BEGINNING);
  if (!FORM.test(beginning)) return { kind: 'text', text };
  const value = Object.fromEntries(new URLSearchParams(beginning));
  return { kind: 'data', format: 'a form', value };
}

/** The beginning of a body in UTF-8, or in Latin-1 if it is not UTF-8. */
function beginningOf(body: Buffer): string {
  const text = body.toString('utf8', 0, BEGINNING);
  // The cut may split the last character.
  return text.slice(0, -4).includes('\ufffd') ? body.toString('latin1', 0, BEGINNING) : text;
}

/** The title of a web page, or its first heading. */
function titleOf(page: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(page)?.[1]?.trim();
  return title ?? /<h1[^>]*>([^<]{1,200})/i.exec(page)?.[1]?.trim() ?? '';
}

/** The text of a web page, without tags, scripts and styles. */
function withoutTags(page: string): string {
  return page
    .replace(/<(script|style)\b[^]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^<>]*(?:>|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
