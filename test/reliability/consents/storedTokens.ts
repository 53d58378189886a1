import type { Answer } from '../../support/bank/scriptedBank';
import { tokenBank, tokensFor } from '../../support/bank/tokenBank';
import { anotherProcess, passed } from '../../support/stores/consents';

/** Time limits under which a refresh may take four seconds, and a request one. */
export const short = { connectTimeout: 3, requestTimeout: 1 };

/** A bank, and a process that has stored tokens whose access token expires in so many seconds. */
export async function stored(seconds: number, answer: Answer) {
  const bank = await tokenBank(short);
  bank.answerWith(answer);
  const kept = await anotherProcess(bank);
  await kept.keep('c', passed(tokensFor(seconds)));
  return { bank, kept, stateOf: async () => (await kept.list())[0]! };
}
