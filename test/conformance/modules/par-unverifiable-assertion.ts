import { generatePrivateKey, pemOf } from '../../support/keys/certificates';
import { checkingBank } from '../checkingBank';

const bank = checkingBank();

describe.each(['pushed', 'pushedRequestObject'])('a request that is %s', (sendRequestAs) => {
  it('is pushed with an assertion of the registered key', async () => {
    const { code, paths } = await bank.push({}, sendRequestAs);
    expect({ code, paths }).toEqual({ code: undefined, paths: ['/par', '/authorize'] });
  });

  it.each<[string, () => Record<string, string | boolean>]>([
    [
      'another key',
      () => ({
        ...{ separateSigningKey: true, keyIdSource: 'jwk' },
        signingPrivateKey: pemOf(generatePrivateKey('rsa')),
      }),
    ],
    ['another audience', () => ({ audience: 'custom', audienceValue: 'https://other.example' })],
    ['another algorithm', () => ({ algorithm: 'RS256' })],
  ])('makes no link if the bank refuses an assertion with %s', async (_, changes) => {
    const { code, paths, item } = await bank.push(changes(), sendRequestAs);
    expect({ code, paths }).toEqual({ code: 'invalid-client', paths: ['/par'] });
    expect(item).not.toHaveProperty('url');
  });
});
