import { withInteraction, type AskedFor } from '../../core/accounts/apiError';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { INTERACTION, refused } from './refusal';

it('shows the interaction ID that was sent, and the identifier of the bank, once', () => {
  const error = refused(403, { Id: 'e-1', Errors: [{ ErrorCode: 'U028' }] });
  expect(error.description).toContain(
    `For the bank's support: x-fapi-interaction-id ${INTERACTION}. The bank's own: e-1.`,
  );
  expect(error.message).not.toContain('e-1');
  expect(withInteraction(error, INTERACTION)).toBe(error);
});

it('adds the interaction ID to a failure of the transport', () => {
  const lost = new OpenBankingError('timeout', { values: { server: '"bank.example"' } });
  expect(withInteraction(lost, INTERACTION)).toMatchObject({
    code: 'timeout',
    outcome: lost.outcome,
    description: expect.stringContaining(INTERACTION),
  });
});

describe('what a refusal means is decided by status and codes', () => {
  const obie = (ErrorCode: string, more = {}) => ({
    Code: '400 BadRequest',
    Id: 'e-1',
    Message: 'Not possible',
    Errors: [{ ErrorCode, Message: 'Some words', ...more }],
  });
  const v4 = (ErrorCode: string, more = {}) => ({ Errors: [{ ErrorCode, ...more }] });
  const wso2 = (description: string) => ({
    error: { code: 'Forbidden', message: 'Consent Enforcement Error', description },
  });
  const gateway = (code: string) => ({ code, message: 'Message', description: 'Description' });
  const berlin = (code: string) => ({ tppMessages: [{ category: 'ERROR', code }] });
  const fresh = { wasRefreshed: true };
  const given: Partial<AskedFor> = { authorizedBy: 'token' };
  const ofList = { url: 'https://bank.example/aisp/accounts', accountId: undefined };
  const withPeriod = { hasPeriod: true };

  it.each<[string, string, number, unknown, Partial<AskedFor>?, Record<string, string>?]>([
    // Open Banking UK
    ['reauthentication-needed', 'v3.1', 403, obie('UK.OBIE.Reauthenticate')],
    ['reauthentication-needed', 'v4.0 with a code', 403, v4('U028')],
    ['reauthentication-needed', 'v4.0 with a name', 403, v4('UK.OB.Reauthenticate')],
    ['reauthentication-needed', 'status 401 after a refresh', 401, v4('U028'), fresh],
    ['consent-not-accepted', 'v3.1', 403, obie('UK.OBIE.Resource.InvalidConsentStatus')],
    ['consent-not-accepted', 'v4.0', 400, v4('U009')],
    ['permission-missing', 'v3.1', 400, obie('UK.OBIE.Resource.ConsentMismatch')],
    ['account-unknown', 'v3.1', 400, obie('UK.OBIE.Resource.NotFound')],
    ['account-unknown', 'v4.0', 400, v4('u011')],
    ['api-address-wrong', 'of the list', 400, v4('U011'), ofList],
    ['period-refused', 'v3.1', 400, obie('UK.OBIE.Field.InvalidDate'), withPeriod],
    ['period-refused', 'v4.0', 400, v4('U002', { Path: 'fromBookingDateTime' }), withPeriod],
    ['api-refused', 'without a period', 400, obie('UK.OBIE.Field.InvalidDate')],
    ['api-refused', 'another field', 400, obie('UK.OBIE.Field.Invalid'), withPeriod],
    ['api-refused', 'a header', 400, v4('U006')],
    ['api-refused', 'an unknown code', 400, v4('NARR')],
    ['api-unavailable', 'v4.0', 500, v4('U000')],
    // WSO2
    ['consent-not-accepted', 'an expired consent', 400, wso2('Provided consent is expired')],
    ['permission-missing', 'a permission', 403, wso2('Permission mismatch.')],
    ['account-unknown', 'an empty 404', 404, ''],
    ['api-address-wrong', 'an empty 404 of the list', 404, '', ofList],
    ['api-unavailable', 'status 500', 500, { Errors: [{ Message: 'A', ErrorCode: '500' }] }],
    ['token-not-accepted', 'a given token', 401, gateway('900901'), given],
    ['consent-not-accepted', 'a refreshed token', 401, gateway('900901'), fresh],
    ['consent-not-accepted', 'no token seen', 401, { fault: gateway('900902') }],
    ['api-address-wrong', 'an unknown path', 404, gateway('900906')],
    ['api-not-subscribed', 'no subscription', 403, { errors: [gateway('900908')] }],
    ['scope-missing', 'a scope', 403, gateway('900910')],
    ['application-token-refused', 'a claim mismatch', 403, { fault: { code: 900912 } }],
    ['api-limit-reached', 'throttling', 429, gateway('900802')],
    // The Berlin Group
    ['consent-not-accepted', 'an expired consent', 401, berlin('CONSENT_EXPIRED'), given],
    ['token-not-accepted', 'a token', 401, berlin('TOKEN_EXPIRED'), given],
    ['account-unknown', 'a resource', 403, berlin('RESOURCE_UNKNOWN')],
    ['period-refused', 'a period', 400, berlin('PERIOD_INVALID')],
    ['period-refused', 'older history', 422, { code: 'WRONG_TRANSACTIONS_PERIOD' }, withPeriod],
    ['api-limit-reached', 'four reads', 429, berlin('ACCESS_EXCEEDED')],
    ['transport-certificate-refused', 'a certificate', 401, berlin('CERTIFICATE_BLOCKED')],
    // Others
    ['consent-not-accepted', 'an empty 401 after a refresh', 401, '', fresh],
    ['consent-not-accepted', 'an empty 401 that could not be refreshed', 401, ''],
    ['token-not-accepted', 'an empty 401 to a given token', 401, '', given],
    [
      'scope-missing',
      'RFC 6750',
      403,
      '',
      {},
      { 'www-authenticate': 'Bearer error="insufficient_scope", scope="accounts"' },
    ],
    ['permission-missing', 'an empty 403', 403, ''],
    ['permission-missing', 'AWS', 403, { message: 'Forbidden' }],
    ['api-refused', 'a firewall', 403, '<html><h1>Request blocked</h1></html>'],
    ['api-address-wrong', 'a wrong method', 405, ''],
    ['api-address-wrong', 'a redirect to a log-in page', 302, ''],
    ['api-refused', 'problem+json', 400, { type: 'about:blank', title: 'No', status: 400 }],
    ['api-refused', 'an object', 400, { error: { statusCode: 400, name: 'E', message: 'No' } }],
    ['api-refused', 'a page', 400, '<html><title>Bad Request</title></html>'],
    ['api-limit-reached', 'any words', 429, obie('UK.OBIE.Resource.InvalidConsentStatus')],
    ['api-unavailable', 'SOAP', 500, { faultcode: 'Server', faultstring: 'Recipient not found' }],
    ['api-unavailable', 'a gateway', 504, { message: 'Endpoint request timed out' }],
    ['api-unavailable', 'a page', 503, '<html><body>No server is available</body></html>'],
    ['api-unavailable', 'status 408', 408, ''],
  ])('%s: %s, status %d, %j', (code, _, status, body, change = {}, headers = {}) => {
    const error = refused(status, body, change, headers);
    expect(error).toMatchObject({ code, status });
    expect(error.outcome).toBe(status >= 500 ? 'unknown' : 'refused');
    expect(error.message).not.toMatch(/<\w+>|undefined/);
    expect(error.description).toContain(INTERACTION);
  });
});

describe('advice', () => {
  const emptyForbidden = refused(403).description;
  const advices = {
    reauthentication: refused(403, { Errors: [{ ErrorCode: 'UK.OBIE.Reauthenticate' }] }),
    emptyForbidden: refused(403),
    consentStatus: refused(403, {
      Errors: [{ ErrorCode: 'UK.OBIE.Resource.InvalidConsentStatus' }],
    }),
    afterRefresh: refused(401, '', { wasRefreshed: true }),
    unknownAccount: refused(404),
    server: refused(500),
  };

  it('differs for each cause', () => {
    const texts = Object.values(advices).map(({ description }) => description);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('names both causes of a refused fresh token, the likelier first', () => {
    const { code, description, message } = advices.afterRefresh;
    expect(code).toBe('consent-not-accepted');
    expect(message).toContain('although it was just refreshed');
    expect(description).toMatch(/^There are two likely causes\. First, the consent has ended/);
    expect(description).toMatch(/Second, .*bound to the certificate/);
  });

  it('names both causes of an empty 403', () => {
    expect(emptyForbidden).toMatch(/The likelier cause: .*permission.*The other one: .*ended/);
  });

  it('names the day from which on older history is allowed', () => {
    const error = refused(403, '', { hasPeriod: true });
    expect(error.description).toContain('"From" is too long ago');
    expect(error.description).toContain('Try "From" 2025-12-03 or later.');
  });

  it('says how to go on if the list of accounts is closed', () => {
    const error = refused(403, '', { url: 'https://b.example/accounts', accountId: undefined });
    expect(error.description).toContain('give the ID of the account');
  });

  it('names three causes of an unknown account', () => {
    expect(advices.unknownAccount.description).toMatch(
      /account ID.*another consent.*left this one.*"Account API URL"/s,
    );
  });

  it('says of a server that failed that the consent may have expired', () => {
    expect(advices.server.description).toContain('if it has expired');
  });

  it('names the refused headers, a firewall, and a token that was lost on the way', () => {
    expect(refused(400, { Errors: [{ ErrorCode: 'U007' }] }).description).toContain('Financial ID');
    expect(refused(403, 'Blocked by rule 7').description).toContain('address of this machine');
    expect(refused(401, { code: '900902' }).description).toContain('did not see it');
    expect(refused(403, { message: 'Forbidden' }).description).toContain('words of a gateway');
  });
});

describe('a limit, or an outage with an end', () => {
  it.each<[string, Record<string, string>, unknown, string | undefined, number | undefined]>([
    ['seconds', { 'retry-after': '85092' }, '', '2026-03-03T09:38:12Z', 85_092_000],
    [
      'a date, by the clock of the bank',
      { 'retry-after': 'Wed, 04 Mar 2026 00:00:00 GMT', date: 'Tue, 03 Mar 2026 23:00:00 GMT' },
      '',
      '2026-03-02T11:00:00Z',
      3_600_000,
    ],
    [
      'words alone, which prevent an early repeat, and cause none',
      {},
      { detail: 'Too many. Please try again in 85092 seconds' },
      '2026-03-03T09:38:12Z',
      undefined,
    ],
    ['nothing', {}, '', undefined, undefined],
    ['an unreadable pause', { 'retry-after': 'soon' }, '', undefined, undefined],
    [
      'an endless pause',
      { 'retry-after': '9'.repeat(400) },
      '',
      '2027-03-03T10:00:00Z',
      366 * 86_400_000,
    ],
  ])('%s', (_, headers, body, time, retryAfter) => {
    const error = refused(429, body, {}, headers);
    expect(error.code).toBe('api-limit-reached');
    expect(error.retryAfter).toBe(retryAfter);
    if (time === undefined) expect(error.message).toContain('at the moment');
    else expect(error.message).toContain(`before ${time}:`);
  });

  it('status 503 with an end', () => {
    const error = refused(503, '', {}, { 'retry-after': '7200' });
    expect(error.message).toContain('not available before 2026-03-02T12:00:00Z');
  });
});
