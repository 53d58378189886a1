import { createHash } from 'node:crypto';
import { PAGE_SCRIPT } from './pageScript';
import { PAGE_STYLE } from './pageStyle';
import type { PageTexts, PageWords } from './pageTexts';

/** A response to the customer's browser. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Form field with the fragment that the page posts, or with the whole address that a person pastes. */
export const ADDRESS_FIELD = 'address';

const digestOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Content-Security-Policy of every page. It allows only the style sheet and the script of the page, and forbids frames. The sandbox is the
 * same as n8n's own: without it the page would have the origin of the editor, and access to its cookies.
 */
const SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${digestOf(PAGE_STYLE)}`,
  `script-src ${digestOf(PAGE_SCRIPT)}`,
  // For the empty icon: without an icon, browsers request one.
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  'sandbox allow-forms allow-scripts allow-top-navigation-by-user-activation',
].join('; ');

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': SECURITY_POLICY,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex',
};

/** The page that posts the fragment of a redirect. The form in it is for browsers without JavaScript. */
export function fragmentPage(texts: PageTexts): Page {
  const { words, labels } = texts;
  return page(
    texts,
    200,
    words.oneStepLeft.title,
    `<section id="by-hand">
${wordsOf(words.oneStepLeft)}
<form method="post">
<label for="address">${escaped(labels.address)}</label>
<input id="address" name="${ADDRESS_FIELD}" type="text" dir="ltr" required autocomplete="off" spellcheck="false">
<button type="submit">${escaped(labels.continue)}</button>
</form>
</section>
<section id="moment" hidden role="status">
${wordsOf(words.moment)}
</section>
<section id="nothing" hidden>
${wordsOf(words.noAnswer)}
</section>
<script>${PAGE_SCRIPT}</script>`,
  );
}

/** The query of the address of {@link arrivedPage}. */
export const ARRIVED = 'arrived';

/**
 * The redirect to {@link arrivedPage} after the bank's answer was accepted. It removes the code from the address bar and from the history,
 * and a reload does not send the answer again. A sandboxed page cannot remove a query itself.
 */
export function takenPage(texts: PageTexts): Page {
  const { headers, body } = arrivedPage(texts);
  return { status: 303, headers: { ...headers, Location: `?${ARRIVED}` }, body };
}

/** The last page of a customer who gave consent. The code is exchanged later. */
export function arrivedPage(texts: PageTexts): Page {
  const { connected } = texts.words;
  return page(texts, 200, connected.title, wordsOf(connected));
}

/** The page for an error that the bank reports: the customer refused, or the bank failed. */
export function errorPage(texts: PageTexts, error: string, description: string): Page {
  const { words, labels } = texts;
  const said = words[error === 'access_denied' ? 'notConnected' : 'bankProblem'];
  const report = description ? `${error}: ${description}` : error;
  return page(
    texts,
    200,
    said.title,
    `${wordsOf(said)}
<p class="detail">${escaped(labels.bankSaid)} ${escaped(report)}</p>`,
  );
}

/** The page for an answer that was rejected. */
export function rejectedPage(
  texts: PageTexts,
  status: number,
  words: PageWords,
  code: string,
): Page {
  return page(
    texts,
    status,
    words.title,
    `${wordsOf(words)}
<p class="detail">${escaped(texts.labels.code)} <code>${escaped(code)}</code></p>`,
  );
}

/**
 * The response that sends the browser to another address: a redirect after a GET request, a page after a POST request.
 *
 * Browsers treat a redirect after a form as part of the form. The bank's page may allow its forms only the address of this trigger
 * (`form-action`), so a page has to forward the browser.
 *
 * @param address absolute URL
 * @param method HTTP method of the request
 */
export function onwardPage(texts: PageTexts, address: string, method: string): Page {
  const href = escaped(address);
  const { title } = texts.words.connected;
  const { body, headers } = page(
    texts,
    200,
    title,
    `<h1>${escaped(title)}</h1>
<p><a href="${href}">${escaped(texts.labels.continue)}</a></p>`,
    method === 'POST' ? `<meta http-equiv="refresh" content="0; url=${href}">` : '',
  );
  if (method === 'POST') return { status: 200, headers, body };
  return { status: 303, headers: { ...headers, Location: address }, body };
}

function wordsOf({ title, text }: PageWords): string {
  const paragraphs = text.split('\n').map((line) => `<p>${escaped(line)}</p>`);
  return [`<h1>${escaped(title)}</h1>`, ...paragraphs].join('\n');
}

function page(
  { name, language }: PageTexts,
  status: number,
  title: string,
  content: string,
  head = '',
): Page {
  // The texts decide the direction of writing, also if the name has another one.
  const body = `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name ? `${title} – ${name}` : title)}</title>
<link rel="icon" href="data:,">
${head}
<style>${PAGE_STYLE}</style>
</head>
<body dir="auto">
<main>
${name ? `<p class="name"><bdi>${escaped(name)}</bdi></p>` : ''}
${content}
</main>
</body>
</html>
`;
  return { status, headers: HEADERS, body };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
