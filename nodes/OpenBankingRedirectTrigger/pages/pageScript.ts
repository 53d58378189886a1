/**
 * Script of the page that a redirect with a fragment meets: a server never sees the fragment, so the page posts it to its own address.
 *
 * First of all the fragment leaves the address bar and the browser's history. Under n8n's sandboxing the page has an origin of its own,
 * for which a browser allows this change of the address, and a form, but neither cookies nor storage. Nothing is kept in the page.
 */
export const PAGE_SCRIPT = `
'use strict';
const show = (id) => {
  for (const part of document.querySelectorAll('main > section')) part.hidden = part.id !== id;
};
const fragment = location.hash.slice(1);
if (fragment === '') {
  show('nothing');
} else {
  history.replaceState(null, '', location.pathname + location.search);
  show('moment');
  const input = document.getElementById('address');
  input.value = fragment;
  input.form.submit();
  input.value = '';
}
`;
