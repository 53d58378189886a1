import { startBank } from './bank';
import { email } from './email';
import { PortUnavailableError } from './listener';
import { InvalidOptionError, readOptions } from './options';

async function main(): Promise<void> {
  // Before everything else, because a person may stop the bank while it starts.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  process.once('disconnect', () => process.exit(0));

  const options = readOptions(process.argv.slice(2));
  const bank = await startBank(options);
  if (process.send) process.send(bank.ready);
  console.log(`Sandbox Bank is open. It is on this computer only; nothing in it is real.

${email(bank.ready, options.redirectUris[0])}

Press Ctrl+C to close the bank.`);
}

main().catch((error: unknown) => {
  const expected = error instanceof PortUnavailableError || error instanceof InvalidOptionError;
  console.error(expected ? error.message : error);
  process.exit(1);
});
