import type { BenchBank } from '../../bank/server';
import type { Contender } from './contender';

/** Every contender sends an assertion that a bank would accept, and a fresh one each time. @throws BenchFailure where one does not */
export async function proveAll(bank: BenchBank, running: readonly Contender[]): Promise<void> {
  await bank.setVerifying(true);
  for (const contender of running) await contender.round(20, 4);
  await bank.setVerifying(false);
}
