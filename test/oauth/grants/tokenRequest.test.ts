import { tokenRequest } from '../../../core/oauth/grants/tokenRequest';
import { endpointAt } from '../../support/bank/endpoint';

const endpoint = endpointAt('https://is.bank.example:9446/oauth2/token');
const client = { clientId: '4hZILATfPyXlLFqkP3Z0OBYhmDwa', assertion: 'eyJh.eyJz.BVPq' };

it('a request for a code has the parameters of the curl command of WSO2 and the client ID', () => {
  const request = tokenRequest(
    endpoint,
    {
      type: 'authorization_code',
      code: '4dc73435-eee5-3486-ba3b-29b49be04f21',
      redirectUri: 'https://wso2.com',
      scope: 'openid accounts',
    },
    client,
  );
  expect(request).toEqual({
    method: 'POST',
    url: endpoint.url,
    source: endpoint.source,
    headers: {
      'Cache-Control': 'no-cache',
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
    },
    body:
      'grant_type=authorization_code' +
      '&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer' +
      '&client_assertion=eyJh.eyJz.BVPq' +
      '&code=4dc73435-eee5-3486-ba3b-29b49be04f21' +
      '&scope=openid%20accounts' +
      '&redirect_uri=https%3A%2F%2Fwso2.com' +
      '&client_id=4hZILATfPyXlLFqkP3Z0OBYhmDwa',
  });
});

it('a refresh request has the parameters of the curl command of WSO2, in its order', () => {
  const { body } = tokenRequest(endpoint, { type: 'refresh_token', refreshToken: 'r/1+=' }, client);
  expect(body).toBe(
    'grant_type=refresh_token&refresh_token=r%2F1%2B%3D&client_id=4hZILATfPyXlLFqkP3Z0OBYhmDwa' +
      '&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer' +
      '&client_assertion=eyJh.eyJz.BVPq',
  );
});

it('a request for an application token has no code and no redirect URI', () => {
  const { body } = tokenRequest(
    endpoint,
    { type: 'client_credentials', scope: 'accounts' },
    client,
  );
  expect([...new URLSearchParams(body).keys()]).toEqual([
    'grant_type',
    'scope',
    'client_id',
    'client_assertion_type',
    'client_assertion',
  ]);
});

it('a request has no assertion if only the certificate authenticates the client', () => {
  const { body } = tokenRequest(
    endpoint,
    { type: 'client_credentials', scope: '' },
    { clientId: 'c' },
  );
  expect(body).toBe('grant_type=client_credentials&client_id=c');
});

it('a request encodes special characters in a value, so that they add no parameters', () => {
  const code = 'a&client_id=evil=#?+%20"';
  const { body } = tokenRequest(
    endpoint,
    { type: 'authorization_code', code, redirectUri: 'https://a.example/?x=1&y=2', scope: '' },
    client,
  );
  const parameters = new URLSearchParams(body);
  expect(parameters.get('code')).toBe(code);
  expect(parameters.getAll('client_id')).toEqual([client.clientId]);
  expect(parameters.get('redirect_uri')).toBe('https://a.example/?x=1&y=2');
});
