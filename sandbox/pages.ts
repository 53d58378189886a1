import { ACCOUNTS, CUSTOMER, type Account } from './accounts';
import { PERMISSIONS, type Consent } from './consents';
import { BRAZIL_PERMISSIONS } from './regimes/brazilPermissions';

/** Paths of the pages' style sheet and script. */
export const ASSETS = { style: '/sandbox/bank.css', script: '/sandbox/redirect.js' } as const;

/** The page on which the customer logs in. User name and password are filled in. */
export function renderLogin(uid: string, thirdParty: string, mistake?: string): string {
  return page(
    'Log in',
    `<h1>Log in to Sandbox Bank</h1>
    <p><strong>${escape(thirdParty)}</strong> asks for access to your accounts. First, log in.</p>
    ${mistake ? `<p class="mistake" role="alert">${escape(mistake)}</p>` : ''}
    <form method="post" action="/interaction/${encodeURIComponent(uid)}/login">
      <label for="username">User name</label>
      <input id="username" name="username" value="${CUSTOMER.username}" autocomplete="off" required>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" value="${CUSTOMER.password}" autocomplete="off" required>
      <button type="submit" class="primary">Log in</button>
    </form>
    <p class="hint">This is a demonstration: a made-up customer (password
      <code>${CUSTOMER.password}</code>) is already filled in.</p>`,
  );
}

/** The page on which the customer chooses accounts and approves or denies. */
export function renderConsent(
  uid: string,
  thirdParty: string,
  consent: Consent,
  mistake?: string,
): string {
  const permissions = consent.permissions
    .map((permission) => PERMISSIONS[permission] ?? BRAZIL_PERMISSIONS[permission])
    .filter((words) => words !== undefined)
    .map((words) => `<li>${escape(words)}</li>`)
    .join('');
  return page(
    'Share your accounts',
    `<h1>Share your accounts with ${escape(thirdParty)}?</h1>
    <p>Hello ${escape(CUSTOMER.name)}. ${escape(thirdParty)} would like to read, but not change:</p>
    <ul class="permissions">${permissions}</ul>
    <p>${duration(consent)} It cannot make payments.</p>
    ${mistake ? `<p class="mistake" role="alert">${escape(mistake)}</p>` : ''}
    <form method="post" action="/interaction/${encodeURIComponent(uid)}/consent">
      <fieldset>
        <legend>Accounts to share</legend>
        ${ACCOUNTS.map(accountChoice).join('')}
      </fieldset>
      <div class="buttons">
        <button type="submit" name="decision" value="approve" class="primary">Approve</button>
        <button type="submit" name="decision" value="deny">Deny</button>
      </div>
    </form>
    <p class="hint">Consent <code>${escape(consent.id)}</code></p>`,
  );
}

/** The page at the redirect URI. Its script shows the address of the redirect. */
export function renderRedirect(): string {
  return page(
    'Back at the third party',
    `<h1 id="heading">Approved: one step left</h1>
    <p id="explanation">Copy this address and paste it into the <strong>Open Banking Token</strong> node,
      field <strong>Authorization Code</strong>. It works once, and for five minutes.</p>
    <label for="address">Redirect address</label>
    <textarea id="address" rows="9" readonly spellcheck="false"></textarea>
    <div class="buttons">
      <button type="button" id="copy" class="primary">Copy</button>
      <a class="button" href="/sandbox/customer-link">Start again</a>
    </div>
    <p id="copied" class="hint" role="status"></p>
    <script src="${ASSETS.script}"></script>`,
  );
}

/** The page for an error. */
export function renderRefusal(error: string, description: string): string {
  return page(
    'This did not work',
    `<h1>This did not work</h1>
    <p class="mistake" role="alert"><strong>${escape(error)}</strong> ${escape(description)}</p>
    <p><a class="button" href="/sandbox/customer-link">Start again</a></p>`,
  );
}

/** Script of the redirect page. It is not in the page, because the page permits no inline script. */
export const REDIRECT_SCRIPT = `'use strict';
const address = document.getElementById('address');
const copied = document.getElementById('copied');
address.value = location.href;
const answer = new URLSearchParams(location.hash.slice(1) || location.search);
if (answer.has('error')) {
  document.getElementById('heading').textContent = 'Access was not granted';
  document.getElementById('explanation').textContent =
    answer.get('error') + ': ' + (answer.get('error_description') || 'no reason given') + '.';
} else if (!answer.has('code') && !answer.has('response')) {
  document.getElementById('heading').textContent = 'Nothing to copy yet';
  document.getElementById('explanation').textContent =
    'The bank sends its customers to this page after they have decided.';
}
address.addEventListener('focus', () => address.select());
document.getElementById('copy').addEventListener('click', async () => {
  address.select();
  try {
    await navigator.clipboard.writeText(address.value);
    copied.textContent = 'Copied.';
  } catch {
    copied.textContent = 'The browser does not allow copying: press Ctrl+C or Cmd+C.';
  }
});
`;

function accountChoice(account: Account): string {
  const kind = { CurrentAccount: 'Current account', Savings: 'Savings', CreditCard: 'Credit card' }[
    account.subType
  ];
  const balance = (account.balance / 100).toLocaleString('en-GB', {
    style: 'currency',
    currency: account.currency,
  });
  return `<label class="account">
          <input type="checkbox" name="account" value="${account.id}" checked>
          <span class="name">${escape(account.nickname)}
            <small>${kind} ····${account.identifications[0]!.identification.slice(-4)}</small></span>
          <span class="balance">${balance}</span>
        </label>`;
}

function duration({ expires }: Consent): string {
  if (!expires) return 'Access goes on until you end it.';
  const day = expires.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
  return `Access ends on ${day}.`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} – Sandbox Bank</title>
  <link rel="stylesheet" href="${ASSETS.style}">
  <link rel="icon" href="data:,">
</head>
<body>
  <header><span class="mark" aria-hidden="true"></span>Sandbox Bank <span class="badge">test bank</span></header>
  <main>
    ${body}
  </main>
  <footer>A test bank on this computer. No real money, no real people.</footer>
</body>
</html>
`;
}

function escape(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
