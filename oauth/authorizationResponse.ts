import { OpenBankingError } from '../errors/OpenBankingError';
import { oauthError } from './errorResponse';
import { isVschar } from './vschar';

/** What the redirect is compared with, as far as it is known. */
export interface RedirectExpectations {
  /** `state` of the authorization request. */
  state?: string;
  /** Issuer of the bank, compared with `iss` (RFC 9207). */
  issuer?: string;
}

/**
 * The authorization code in what a person or an expression gives: a bare code, a percent-encoded one, or the whole address
 * that the bank redirected to, with its parameters in the query or in the fragment. It is decoded exactly once.
 *
 * @throws OpenBankingError `code-missing`, `code-malformed`, `code-encrypted-or-signed` (JARM), `state-mismatch`,
 *   `issuer-mismatch`; for a redirect that reports a failure, that of the stage `authorization-server`
 */
export function authorizationCode(input: string, expected: RedirectExpectations = {}): string {
  const text = input.trim();
  if (text === '') {
    throw new OpenBankingError('code-missing', { message: '"Authorization Code" is empty' });
  }
  const parameters = redirectParameters(text);
  if (!parameters) return wellFormed(/%[\da-f]{2}/i.test(text) ? percentDecoded(text) : text);

  // The state comes first: a forged redirect has nothing to tell, not even an error.
  if (expected.state && single(parameters, 'state') !== expected.state) {
    throw new OpenBankingError('state-mismatch', {
      message: '"state" in the redirect is not that of the authorization request',
    });
  }
  const issuer = single(parameters, 'iss');
  if (expected.issuer && issuer !== undefined && issuer !== expected.issuer) {
    throw new OpenBankingError('issuer-mismatch', {
      message: '"iss" in the redirect is not the issuer of the credential',
    });
  }
  const failure = oauthError(
    {
      error: single(parameters, 'error'),
      error_description: single(parameters, 'error_description'),
    },
    undefined,
    [],
  );
  if (failure) throw failure;
  const code = single(parameters, 'code');
  if (code !== undefined) return wellFormed(code);
  if (parameters.has('response')) {
    throw new OpenBankingError('code-encrypted-or-signed', {
      message: 'The redirect carries its code in a JWT ("response")',
    });
  }
  throw malformed('The redirect carries no "code"');
}

/** Query and fragment of a URL, or of the part of one that a person copied; nothing for a bare code. */
function redirectParameters(text: string): URLSearchParams | undefined {
  const isUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  if (!isUrl && !/(?:^|[?#&])(?:code|error|response)=/.test(text)) return undefined;
  const fromQueryOn = isUrl || /^[^=]*[?#]/.test(text) ? text.replace(/^[^?#]*/, '') : `?${text}`;
  const [query = '', ...fragment] = fromQueryOn.split('#');
  return new URLSearchParams([query.replace(/^\?/, ''), ...fragment].filter(Boolean).join('&'));
}

/** RFC 6749 §3.1: a parameter must not be there twice. */
function single(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name);
  if (values.length > 1) throw malformed(`The redirect carries "${name}" more than once`);
  return values[0];
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('"Authorization Code" is percent-encoded in a way that cannot be decoded');
  }
}

function wellFormed(code: string): string {
  if (code === '') {
    throw new OpenBankingError('code-missing', { message: 'The redirect carries an empty "code"' });
  }
  if (!isVschar(code) || code.includes(' ')) {
    throw malformed('"Authorization Code" contains characters that no code has');
  }
  return code;
}

function malformed(message: string): OpenBankingError {
  return new OpenBankingError('code-malformed', { message });
}
