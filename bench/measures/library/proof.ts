import type { BenchBank } from '../../bank/server';
import type { Contender } from './contender';

/** Lets each contender get tokens while the bank verifies all assertions. @throws BenchFailure if the bank refuses one */
export async function proveAll(bank: BenchBank, running: readonly Contender[]): Promise<void> {
  await bank.setVerifying(true);
  for (const contender of running) await contender.round(20, 4);
  await bank.setVerifying(false);
}
