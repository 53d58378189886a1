import { createHash } from 'node:crypto';
import { PAGE_SCRIPT } from './pageScript';
import { PAGE_STYLE } from './pageStyle';
import type { PageTexts, PageWords } from './pageTexts';

/** What is sent to the customer's browser. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Field in which the page posts the fragment, or a person the whole address. */
export const ADDRESS_FIELD = 'address';

const digestOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * For every page: nothing but the style sheet and the script of the page itself, no frames, and a sandbox as n8n's own.
 * Without it the page would be of the editor's origin, and have its cookies.
 */
const SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${digestOf(PAGE_STYLE)}`,
  `script-src ${digestOf(PAGE_SCRIPT)}`,
  // The empty icon, without which browsers ask for one.
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

/** The page that a redirect with a fragment meets. What it holds without its script is for browsers that do not run it. */
export function fragmentPage(texts: PageTexts): Page {
  const { words, labels } = texts;
  return page(
    texts,
    200,
    words.oneStepLeft.title,
    `<section id="by-hand">
${saying(words.oneStepLeft)}
<form method="post">
<label for="address">${escaped(labels.address)}</label>
<input id="address" name="${ADDRESS_FIELD}" type="text" dir="ltr" required autocomplete="off" spellcheck="false">
<button type="submit">${escaped(labels.continue)}</button>
</form>
</section>
<section id="moment" hidden role="status">
${saying(words.moment)}
</section>
<section id="nothing" hidden>
${saying(words.noAnswer)}
</section>
<script>${PAGE_SCRIPT}</script>`,
  );
}

/** The query of the address at which {@link arrivedPage} stands. */
export const ARRIVED = 'arrived';

/**
 * The bank's answer was taken: the browser goes on to a page at the same address without it, so that the code is neither in the
 * address bar nor in the history, and a reload sends nothing again. A sandboxed page could not remove a query itself.
 */
export function takenPage(texts: PageTexts): Page {
  const { headers, body } = arrivedPage(texts);
  return { status: 303, headers: { ...headers, Location: `?${ARRIVED}` }, body };
}

/** The last page of a customer who agreed. The exchange comes after it. */
export function arrivedPage(texts: PageTexts): Page {
  const { connected } = texts.words;
  return page(texts, 200, connected.title, saying(connected));
}

/** The bank reports that there will be no access. */
export function errorPage(texts: PageTexts, error: string, description: string): Page {
  const { words, labels } = texts;
  const said = words[error === 'access_denied' ? 'notConnected' : 'bankProblem'];
  const report = description ? `${error}: ${description}` : error;
  return page(
    texts,
    200,
    said.title,
    `${saying(said)}
<p class="detail">${escaped(labels.bankSaid)} ${escaped(report)}</p>`,
  );
}

/** The page of an answer that was not handed on. */
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
    `${saying(words)}
<p class="detail">${escaped(texts.labels.code)} <code>${escaped(code)}</code></p>`,
  );
}

/**
 * Sends the browser on.
 *
 * @param method of the request: after a form, browsers hold a redirect to be part of the form, and a bank's page may allow its forms
 * this trigger's address alone (`form-action`), so that a page has to do it
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

function saying({ title, text }: PageWords): string {
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
  // The direction of writing follows the texts, whatever the name is written in.
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
