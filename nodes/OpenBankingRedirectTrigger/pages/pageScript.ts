/**
 * Script of the page that reads the fragment of a redirect. Browsers do not send the fragment to a server, so the page posts it to its own
 * address.
 *
 * The script first removes the fragment from the address bar and from the history of the browser. The page is sandboxed and has an origin
 * of its own: the browser allows this change of the address and the form, but neither cookies nor storage.
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
