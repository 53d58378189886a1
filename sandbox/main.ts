import { startBank } from './bank';
import { PortUnavailableError } from './listener';
import { InvalidOptionError, readOptions } from './options';
import type { SandboxReady } from './ready';

async function main(): Promise<void> {
  // Before anything else: whoever starts the bank may change their mind while it starts.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  process.once('disconnect', () => process.exit(0));

  const bank = await startBank(readOptions(process.argv.slice(2)));
  if (process.send) process.send(bank.ready);
  console.log(summary(bank.ready));
}

function summary(ready: SandboxReady): string {
  return `Sandbox Bank is open. It is on this computer only; nothing in it is real.

  Identity server      ${ready.identityUrl}
  API gateway          ${ready.gatewayUrl}
  Client ID            ${ready.clientId}
  Redirect URI         ${ready.redirectUri}
  Scope                ${ready.scope}
  Certificate          ${ready.files.clientCertificate}
  Private key          ${ready.files.clientKey}
  Certificate authority ${ready.files.certificateAuthority}

Give access as a customer: ${ready.identityUrl}/sandbox/customer-link
Press Ctrl+C to close the bank.`;
}

main().catch((error: unknown) => {
  const expected = error instanceof PortUnavailableError || error instanceof InvalidOptionError;
  console.error(expected ? error.message : error);
  process.exit(1);
});
