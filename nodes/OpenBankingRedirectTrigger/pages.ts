import { createHash } from 'node:crypto';
import { PAGE_SCRIPT } from './pageScript';
import { PAGE_STYLE } from './pageStyle';

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
export function fragmentPage(): Page {
  return page(
    200,
    'One step left',
    `<section id="by-hand">
<h1>One step left</h1>
<p>Your bank sent you back here, and its answer is in the address of this page. Your browser did not pass it on by itself, because JavaScript is off or blocked.</p>
<p>Copy the whole address from the address bar of your browser, paste it here, and choose “Continue”.</p>
<form method="post">
<label for="address">Address of this page</label>
<input id="address" name="${ADDRESS_FIELD}" type="text" required autocomplete="off" spellcheck="false">
<button type="submit">Continue</button>
</form>
</section>
<section id="moment" hidden role="status">
<h1>One moment …</h1>
<p>The answer of your bank is being passed on.</p>
</section>
<section id="nothing" hidden>
<h1>Nothing to do here</h1>
<p>Banks send their customers to this page once they have decided about access to their accounts. This visit brought no answer of a bank.</p>
<p>You can close this window.</p>
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
export function takenPage(): Page {
  const { headers, body } = arrivedPage();
  return { status: 303, headers: { ...headers, Location: `?${ARRIVED}` }, body };
}

/** What the customer reads in the end. It is not known yet what the exchange will make of the answer. */
export function arrivedPage(): Page {
  return page(
    200,
    'You can close this window',
    `<h1>Thank you. You can close this window.</h1>
<p>The answer of your bank has arrived and is being worked on.</p>`,
  );
}

/** The bank reports that there will be no access. */
export function errorPage(error: string, description: string): Page {
  const title = error === 'access_denied' ? 'Access was not given' : 'Your bank could not do this';
  const said = description ? `${error}: ${description}` : error;
  return page(
    200,
    title,
    `<h1>${title}</h1>
<p>Your bank reports that nobody was given access to your accounts. You can close this window, or start again where you came from.</p>
<p class="detail">What the bank said: ${escaped(said)}</p>`,
  );
}

/** What a customer is told where nothing was handed on. */
export function rejectedPage(status: number, title: string, text: string, code: string): Page {
  return page(
    status,
    title,
    `<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
<p class="detail">For those who help you: <code>${escaped(code)}</code></p>`,
  );
}

/**
 * Sends the browser on.
 *
 * @param method of the request: after a form, browsers hold a redirect to be part of the form, and a bank's page may allow its forms
 * this trigger's address alone (`form-action`), so that a page has to do it
 */
export function onwardPage(address: string, method: string): Page {
  const href = escaped(address);
  const { body, headers } = page(
    200,
    'Thank you',
    `<h1>Thank you</h1>
<p>The answer of your bank has arrived. <a href="${href}">Continue</a></p>`,
    method === 'POST' ? `<meta http-equiv="refresh" content="0; url=${href}">` : '',
  );
  if (method === 'POST') return { status: 200, headers, body };
  return { status: 303, headers: { ...headers, Location: address }, body };
}

function page(status: number, title: string, content: string, head = ''): Page {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
${head}
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
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
