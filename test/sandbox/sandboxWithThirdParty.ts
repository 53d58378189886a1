import { startSandbox, type Sandbox, type StartOptions } from '../support/bank/sandbox';
import { TestThirdParty } from './thirdParty';

/** Starts the embedded bank for the tests of a file, and a third party that is its client. */
export function sandboxWithThirdParty(options?: StartOptions): {
  readonly bank: Sandbox;
  readonly thirdParty: TestThirdParty;
} {
  let bank: Sandbox;
  let thirdParty: TestThirdParty;
  beforeAll(async () => {
    bank = await startSandbox(options);
    thirdParty = new TestThirdParty(bank.ready);
  });
  afterAll(async () => {
    thirdParty?.close();
    await bank?.stop();
  });
  return {
    get bank() {
      return bank;
    },
    get thirdParty() {
      return thirdParty;
    },
  };
}
