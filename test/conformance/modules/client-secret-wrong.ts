import { checkingBank, SECRET } from '../checkingBank';

const bank = checkingBank();

describe.each(['client_secret_basic', 'client_secret_post'])('%s', (clientAuthentication) => {
  it('exchanges the code with the secret that the bank issued', async () => {
    const { code, paths, stored } = await bank.exchange({
      ...{ clientAuthentication, clientSecret: SECRET },
    });
    expect({ code, paths }).toEqual({ code: undefined, paths: ['/token', '/accounts'] });
    expect(stored).not.toContain(SECRET);
  });

  it.each([
    ['another one', 'another secret of the client'],
    ['the beginning of the right one', SECRET.slice(0, -1)],
    ['the right one in other case', SECRET.toUpperCase()],
  ])('fails with %s, and sends nothing afterwards', async (_, clientSecret) => {
    const { code, paths, item, stored } = await bank.exchange({
      ...{ clientAuthentication, clientSecret },
    });
    expect({ code, paths }).toEqual({ code: 'invalid-client', paths: ['/token'] });
    expect(item).not.toHaveProperty('authorization');
    expect(stored).not.toContain(clientSecret);
  });

  it('fails with an empty one before anything is sent', async () => {
    const { code, paths } = await bank.exchange({ clientAuthentication, clientSecret: ' ' });
    expect({ code, paths }).toEqual({ code: 'field-missing', paths: [] });
  });
});
