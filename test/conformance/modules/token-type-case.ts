import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it.each(['bearer', 'BEARER', 'bEaReR'])(
  'accepts the token type %s, whose case does not matter',
  async (type) => {
    await bank.accepts({ tokenResponse: { token_type: type } });
  },
);
