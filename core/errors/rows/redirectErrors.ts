import { rowsOf } from '../entry';

const again =
  'No code was used. Create a new address with "Create Authorization URL", and let the customer follow it.';

/** Failures of a redirect of the bank, when it arrives and when its code is exchanged. */
export const redirectErrors = rowsOf('response', {
  'redirect-state-unknown': {
    recognized:
      'No authorization is pending for "state": it was used before, is older than ten minutes, was made with another credential, is stored in another place, or was never made here. An exchange refuses an address that a person pasted only if its state was used before',
    message: {
      unknown: 'No authorization is pending for the "state" of this redirect',
      used: 'The "state" of this redirect was used before',
    },
    advice:
      'Create a new address with "Create Authorization URL". If this happens every time: trigger, "Create Authorization URL" and exchange have to use the same credential (bank, client ID, "Keep Tokens In"); several hosts need PostgreSQL; "Keep Pending Authorization" has to be on. If the workflow stores state, nonce and code verifier itself, give them to the exchange under "Options". If no customer was sent to the bank, the redirect is forged and has no effect.',
  },
  'code-of-another-request': {
    recognized:
      'A code that was exchanged within ten minutes comes again, with the state of another authorization request',
    message: {
      request: 'The authorization code was exchanged before, for another authorization request',
      certificate: 'The code or refresh token was sent a short time ago with another certificate',
    },
    advice:
      "Somebody put another customer's code into a redirect, or two redirects were mixed up. Nothing was sent, and no tokens were given. Ask the customer for consent again.",
  },
  'redirect-malformed': {
    recognized:
      '"state" is missing, or all of `code`, `response` and `error` are; a parameter is there twice (RFC 6749 §3.1); `response` is no JWT, or other parameters came with it; the body is no form',
    message: {
      noAnswer: 'The redirect carries no answer of a bank',
      noState: 'The redirect carries no "state"',
      noCode: 'The redirect carries neither a code nor an error',
      repeated: 'The redirect carries <parameter> more than once',
      besideJwt: 'The redirect carries parameters beside those in its JWT ("response")',
      unreadableJwt: 'The redirect carries a "response" that cannot be read',
      form: 'The redirect came in a body that is no form',
    },
    advice: `${again} Give the whole address, and one only. If every redirect is like this, something between the bank and n8n changes it, or the bank does not repeat "state" (RFC 6749 §4.1.2): ask the bank.`,
  },
  'redirect-too-large': {
    recognized: 'A redirect of more than 65,536 characters',
    message: 'The redirect has more than 65,536 characters',
    advice:
      'It was not read. No bank sends this much: somebody else sent it, or it is not a redirect.',
  },
  'redirect-busy': {
    recognized: 'More than 20 redirects with an encrypted "response" wait to be decrypted',
    message: 'Too many encrypted redirects came at the same time',
    advice:
      'The redirect was not read, and no authorization was used up: the customer can load the page again. If no bank sends that many, somebody sends forged ones: limit the requests per address in the proxy before n8n.',
  },
  'redirect-incomplete': {
    recognized:
      'The authorization request asked for an ID token or for a signed response (JARM), and the redirect carries none',
    message: {
      id_token: 'The redirect carries no ID token, although one was asked for',
      response: 'The redirect carries no signed answer ("response"), although one was asked for',
    },
    advice: `${again} Without it a forged code cannot be recognized. Ask the bank which response types the client is registered for.`,
  },
  'redirect-elsewhere': {
    recognized: "The redirect URI of the authorization request is not this trigger's address",
    message: 'The redirect was meant for another address than that of this trigger',
    advice:
      'Set the production URL of this trigger as "Redirect URI" in the credential and at the bank. If a proxy passes redirects on under another address, give that address as "Redirect URI" under "Options".',
  },
});
