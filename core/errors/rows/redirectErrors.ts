import { rowsOf } from '../entry';

const anew =
  'No code was used. Start the consent anew with "Create Authorization URL", and let the customer follow the new address.';

/** What is wrong with a redirect of the bank as such, where it arrives and where its code is exchanged. */
export const redirectErrors = rowsOf('response', {
  'redirect-state-unknown': {
    recognised:
      'No authorization is pending for "state": it was used before, is older than ten minutes, was made with another credential or kept in another place, or never was ours. In an exchange, an address that a person pasted is refused only where its state was used before',
    message: 'No authorization is pending for the "state" of this redirect',
    advice:
      'Start the consent anew with "Create Authorization URL". Where this happens every time: trigger, "Create Authorization URL" and exchange have to use the same credential (bank, client ID, "Keep Tokens In"); several hosts need PostgreSQL; "Keep Pending Authorization" has to be on. Where the workflow keeps state, nonce and code verifier itself, give them to the exchange under "Options". A redirect that nobody sent a customer for is forged, and has no effect.',
  },
  'code-of-another-request': {
    recognised:
      'A code that was exchanged within ten minutes comes again, with the state of another authorization request',
    message: 'The authorization code was exchanged before, for another authorization request',
    advice:
      'Somebody put a code that is not theirs into a redirect, or two redirects were mixed up: nothing was sent, and no tokens were given. Start the consent anew.',
  },
  'redirect-state-missing': {
    recognised: 'No "state", neither as a parameter nor in the JWT of `response`',
    message: 'The redirect carries no "state"',
    advice: `${anew} Where every redirect is like this, ask the bank: it has to repeat "state" (RFC 6749 §4.1.2).`,
  },
  'redirect-parameter-repeated': {
    recognised: 'A parameter is there twice (RFC 6749 §3.1)',
    message: 'The redirect carries "<parameter>" more than once',
    advice:
      'The redirect was tampered with, or two were pasted into one: do not use its code. Start the consent anew.',
  },
  'redirect-malformed': {
    recognised:
      'Neither `code`, `response` nor `error`; a `response` that is no JWT, or not alone; a body that is no form',
    message: 'The redirect <problem>',
    advice: `${anew} Where every redirect is like this, something between the bank and n8n changes it.`,
  },
  'redirect-too-large': {
    recognised: 'A redirect of more than 65,536 characters',
    message: 'The redirect has more than 65,536 characters',
    advice:
      'It was not looked at. No bank sends this much: it came from somebody else, or is not a redirect.',
  },
  'redirect-incomplete': {
    recognised:
      'The authorization request asked for an ID token or for a signed answer (JARM), and the redirect carries none',
    message: 'The redirect carries no <signature>, although one was asked for',
    advice: `${anew} Without it the code cannot be told from a forged one. Ask the bank which response types the client is registered for.`,
  },
  'redirect-elsewhere': {
    recognised: "The redirect URI of the authorization request is not this trigger's address",
    message: 'The redirect was meant for another address than that of this trigger',
    advice:
      'Give the production URL of this trigger as "Redirect URI" in the credential and at the bank. Where a proxy hands redirects on under another address, state it under "Options".',
  },
});
