import { bankError, describeBody } from '../../../core/oauth/messages/errorResponse';
import { answer } from './answer';

const soap = `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
  <soap:Fault><faultcode>soap:Client</faultcode><faultstring>Client &lt;x&gt; is not onboarded</faultstring>
  <detail><err:code xmlns:err="urn:e">E-77</err:code></detail></soap:Fault></soap:Body></soap:Envelope>`;

const wso2Fault = `<ams:fault xmlns:ams="http://wso2.org/apimanager/security"><ams:code>900901</ams:code><ams:message>Invalid Credentials</ams:message><ams:description><![CDATA[Access failure for API: /token]]></ams:description></ams:fault>`;

describe('a refusal in another dialect than OAuth shows its reason', () => {
  it.each<[string, unknown, string]>([
    [
      'Open Banking UK',
      {
        Code: '400 BadRequest',
        Id: 'b1c2-33',
        Message: 'Request error found.',
        Errors: [
          {
            ErrorCode: 'UK.OBIE.Field.Invalid',
            Message: 'redirect_uri is not registered',
            Path: 'redirect_uri',
          },
        ],
      },
      'with status 400: 400 BadRequest – Request error found – b1c2-33 – UK.OBIE.Field.Invalid – redirect_uri is not registered',
    ],
    [
      'Open Banking UK, the list alone',
      {
        Errors: [{ ErrorCode: 'UK.OBIE.Header.Invalid', Message: 'Invalid header', Path: 'x-jws' }],
      },
      'with status 400: UK.OBIE.Header.Invalid – Invalid header – x-jws',
    ],
    [
      'the Berlin Group',
      {
        tppMessages: [
          {
            category: 'ERROR',
            code: 'FORMAT_ERROR',
            path: 'scope',
            text: 'Scope is not supported',
          },
        ],
      },
      'with status 400: ERROR – FORMAT_ERROR – Scope is not supported',
    ],
    [
      'RFC 9457',
      {
        type: 'https://bank.example/problems/onboarding',
        title: 'Not onboarded',
        detail: 'The client has no contract',
        status: 400,
        instance: '/token',
        errors: { client_id: ['is not active in this environment'] },
      },
      'with status 400: https://bank.example/problems/onboarding – Not onboarded – The client has no contract – is not active in this environment',
    ],
    [
      'Apigee',
      {
        fault: {
          faultstring: 'Invalid client identifier {0}',
          detail: { errorcode: 'oauth.v2.InvalidClientIdentifier' },
        },
      },
      'with status 400: Invalid client identifier {0} – oauth.v2.InvalidClientIdentifier',
    ],
    [
      'Apigee, older',
      { ErrorCode: 'invalid_scopes', Error: 'The scope is unknown' },
      'with status 400: invalid_scopes – The scope is unknown',
    ],
    [
      'IBM API Connect',
      { httpCode: '400', httpMessage: 'Bad Request', moreInformation: 'Certificate is not mapped' },
      'with status 400: Bad Request – Certificate is not mapped',
    ],
    ['AWS and Kong', { message: 'No API key found' }, 'with status 400: No API key found'],
    [
      'Azure',
      { statusCode: 400, message: 'Access denied due to missing subscription key.' },
      'with status 400: Access denied due to missing subscription key.',
    ],
    [
      "Australia's CDR, and JSON:API",
      {
        errors: [
          {
            id: '7',
            code: 'urn:au-cds:error:cds-all:Field/Invalid',
            title: 'Invalid Field',
            detail: 'Unknown',
            source: { pointer: '/data/x' },
          },
        ],
      },
      'with status 400: urn:au-cds:error:cds-all:Field/Invalid – Invalid Field – Unknown – 7 – /data/x',
    ],
    [
      'an error object',
      { error: { code: 17, message: 'Software statement expired' } },
      'with status 400: 17 – Software statement expired',
    ],
    [
      'a list at the top',
      [
        { code: 'A1', message: 'First' },
        { code: 'A2', message: 'Second' },
      ],
      'with status 400: A1 – First – A2 – Second',
    ],
    [
      'names that nobody knows',
      { Antwort: { Hinweistext: 'Der Client ist gesperrt' }, Zeit: '2026-11-27T10:00:00Z' },
      'with status 400: Der Client ist gesperrt',
    ],
    ['SOAP', soap, 'with status 400: soap:Client – Client <x> is not onboarded – E-77'],
    [
      'a form',
      'error=invalid_grant&error_description=Code+is+stale',
      '"invalid_grant": Code is stale',
    ],
    [
      'an error in the description',
      { error: 'invalid_request', error_description: '{"code":"X9","message":"No contract"}' },
      '"invalid_request": X9 – No contract',
    ],
    [
      'an object as description',
      { error: 'invalid_request', error_description: { reason: 'No contract' } },
      '"invalid_request": No contract',
    ],
    [
      'further members beside an OAuth error',
      { error: 'invalid_request', error_hint: 'Send the parameter x.' },
      '"invalid_request": Send the parameter x.',
    ],
    ['JSON in capitals', { ERROR: { MESSAGE: 'Nope' } }, 'with status 400: Nope'],
  ])('%s', (_, body, said) => {
    const error = bankError(answer(400, body, 'text/plain'), []);
    expect(error.message).toBe(`The bank answered ${said}`);
    expect(error).toMatchObject({ stage: 'authorization-server', outcome: 'refused', status: 400 });
  });

  it('WSO2, in XML', () => {
    expect(bankError(answer(401, wso2Fault, 'application/xml'), [])).toMatchObject({
      code: 'gateway-token-invalid',
      message:
        "The bank's gateway answered 900901 – Invalid Credentials – Access failure for API: /token",
    });
  });

  it('Spring', () => {
    const body = {
      timestamp: '2026-11-27T02:00:00Z',
      status: 401,
      error: 'Unauthorized',
      message: 'Bad client credentials',
      path: '/token',
    };
    expect(bankError(answer(401, body), []).message).toBe(
      'The bank answered "Unauthorized": Bad client credentials – /token',
    );
  });

  it.each<[string, unknown, string]>([
    ['a text', 'Access denied by policy 7', 'the words "Access denied by policy 7"'],
    ['a text in JSON', '"Access denied"', 'the words "Access denied"'],
    ['a heading', '<html><body><h1>Forbidden</h1>', 'a web page titled "Forbidden"'],
    ['bytes', 'a\u0000\u0001\u0002', 'a body that is not JSON'],
    ['JSON without words', { timestamp: 1, path: '/token' }, 'JSON that is no OAuth response'],
    ['a long word', `denied ${'Ab3dE6gH'.repeat(6)}`, 'the words "denied [hidden]"'],
  ])('%s, with status 403', (_, body, said) => {
    expect(bankError(answer(403, body, ''), [])).toMatchObject({
      code: 'response-unexpected',
      message: `The bank answered with status 403 and ${said}`,
      outcome: 'refused',
    });
  });

  it('Latin-1', () => {
    const body = Buffer.from('Zugriff verweigert für diesen Client', 'latin1');
    const { message } = bankError({ ...answer(400, ''), body }, []);
    expect(message).toContain('verweigert für diesen Client');
  });

  it('in the metadata or the keys of a bank', () => {
    const body = { tppMessages: [{ code: 'X', text: 'Closed' }] };
    expect(describeBody(answer(403, body), [])).toBe('the words "X – Closed"');
  });
});

describe('the code of a refusal in another dialect', () => {
  it.each<[number, unknown, string]>([
    [400, { Errors: [{ ErrorCode: 'invalid_grant', Message: 'No' }] }, 'invalid-grant'],
    [401, { tppMessages: [{ code: 'TOKEN_EXPIRED', text: 'x' }] }, 'invalid-grant'],
    [401, { tppMessages: [{ code: 'CERTIFICATE_REVOKED' }] }, 'transport-certificate-refused'],
    [429, { tppMessages: [{ code: 'FORMAT_ERROR' }] }, 'too-many-requests'],
    [400, { error: 'slow_down' }, 'too-many-requests'],
    [429, { error: 'slow_down' }, 'too-many-requests'],
    [400, { title: 'Callback url mismatch' }, 'redirect-uri-mismatch'],
    [400, { error: { code: 'invalid_client', message: 'x' } }, 'invalid-client'],
    [400, { error: 'Bad Request', code: 'invalid_scope' }, 'invalid-scope'],
    [401, { message: 'Unauthorized' }, 'invalid-client'],
    [403, { message: 'Forbidden' }, 'bank-refused'],
    [404, { message: 'no Route matched' }, 'response-unexpected'],
    [500, { message: 'Oops' }, 'server-error'],
    [400, soap, 'bank-refused'],
  ])('with status %d is that of its words: %j', (status, body, code) => {
    const error = bankError(answer(status, body), []);
    expect(error.code).toBe(code);
    expect(error.outcome).toBe(status >= 500 ? 'unknown' : 'refused');
  });
});
