import type { ProblemOf } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';

/**
 * The https URL in a field, unchanged apart from white space around it.
 *
 * @param label the field's name, for messages
 * @throws OpenBankingError `field-missing`, `url-malformed`
 */
export function httpsUrl(value: string | undefined, label: string): string {
  const text = (value ?? '').trim();
  if (text === '')
    throw new OpenBankingError('field-missing', { problem: 'empty', values: { field: label } });
  parse(text, label);
  return text;
}

/**
 * An endpoint with a well-known path on the host in a field. The host may have a scheme and a port.
 *
 * @param value host, URL, or URL with this path
 * @param defaultPort port if the field has none
 * @param path path of the endpoint
 * @throws OpenBankingError `field-missing`, `url-malformed`
 */
export function endpointOnHost(
  value: string | undefined,
  label: string,
  defaultPort: number,
  path: string,
): string {
  const text = (value ?? '').trim();
  if (text === '')
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field: label },
      description: `Fill in "${label}" in the credential: a host name, for example "is.bank.example" or "is.bank.example:9446".`,
    });
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = parse(withScheme, label);
  if (url.pathname !== '/' && url.pathname !== path) {
    throw malformed(label, 'path');
  }
  if (url.search) throw malformed(label, 'query');
  // The class URL drops ":443", which a person may have written.
  const port = /^[^/?#]*:(\d+)(?:[/?#]|$)/.exec(withScheme.slice('https://'.length))?.[1];
  return `https://${url.hostname}:${port ?? defaultPort}${path}`;
}

function parse(text: string, label: string): URL {
  if (/^http:\/\//i.test(text)) throw malformed(label, 'http');
  if (!/^https:\/\//i.test(text)) throw malformed(label, 'notHttps');
  // The class URL removes line breaks and accepts backslashes.
  if (/[\s\\]/.test(text)) throw malformed(label, 'characters');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw malformed(label, 'unreadable');
  }
  if (url.username || url.password) throw malformed(label, 'user');
  if (url.hash) throw malformed(label, 'fragment');
  return url;
}

function malformed(
  field: string,
  problem: Exclude<
    ProblemOf<'url-malformed'>,
    | 'redirectUri'
    | 'request'
    | 'unreadableRequest'
    | 'userInRequest'
    | 'placeholder'
    | 'otherEndpoint'
  >,
): OpenBankingError {
  return new OpenBankingError('url-malformed', { problem, values: { field } });
}
