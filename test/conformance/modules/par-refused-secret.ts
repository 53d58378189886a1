import { checkingBank, SECRET } from '../checkingBank';

const bank = checkingBank();

describe.each(['client_secret_basic', 'client_secret_post'])('%s', (clientAuthentication) => {
  it('pushes the request with the secret that the bank issued', async () => {
    const { code, paths } = await bank.push({ clientAuthentication, clientSecret: SECRET });
    expect({ code, paths }).toEqual({ code: undefined, paths: ['/par', '/authorize'] });
  });

  it('makes no link if the bank refuses the secret for a pushed request', async () => {
    const { code, paths, item, stored } = await bank.push({
      ...{ clientAuthentication, clientSecret: 'another secret of the client' },
    });
    expect({ code, paths }).toEqual({ code: 'invalid-client', paths: ['/par'] });
    expect(item).not.toHaveProperty('url');
    expect(stored).not.toContain('another secret of the client');
  });
});
