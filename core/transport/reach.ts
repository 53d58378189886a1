import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { OpenBankingError } from '../errors/OpenBankingError';
import { isInternalAddress, isInternalName, isPrivateAddress, literalAddress } from './addresses';
import { ssrfProtection } from './n8nSsrf';

/**
 * The addresses that a request may be sent to: those of the public Internet, those of this machine and of private networks, or any if
 * `undefined`. The metadata of a bank on the Internet must not send requests into the network of n8n.
 */
export type Reach = 'public' | 'internal' | undefined;

/** The reason why an address must not be asked: the name of a problem of `address-blocked`, and the address or name. */
interface Refusal {
  readonly problem: 'internal' | 'public' | 'n8nAddress' | 'n8nName';
  readonly address: string;
}

/** The refusal of every address of a host, when a connection was to be made. No part of a request was sent. */
export class BlockedAddress extends Error {
  constructor(readonly refusal: Refusal) {
    super('The address is blocked');
  }
}

const INTERNAL_ADVICE =
  'Nothing was sent. The metadata of an issuer on the Internet must not name addresses in a private network: it may be forged. Show this message to the bank. If the bank really is in your network, set "Bank" to "Custom Endpoints" in the credential, and fill in its addresses.';

const N8N_ADVICE =
  'Nothing was sent. If n8n should reach this host, the administrator of n8n adds it to N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES.';

/** The error for a refusal. @param server its name in the message */
export function blockedAddress({ problem, address }: Refusal, server: string): OpenBankingError {
  return new OpenBankingError('address-blocked', {
    problem,
    values: { server, address },
    description: problem.startsWith('n8n') ? N8N_ADVICE : INTERNAL_ADVICE,
    outcome: 'not-sent',
  });
}

/** Whether a host in a URL is in a private network, as far as its name or address says. */
export function isInternalHost(hostname: string): boolean {
  const address = literalAddress(hostname);
  return address === undefined ? isInternalName(hostname) : isInternalAddress(address);
}

/**
 * Asserts that a host may be asked, as far as its name or address says. {@link reachingLookup} checks the addresses that a name resolves
 * to, unless a proxy resolves it.
 *
 * @param hostname of a URL
 * @throws OpenBankingError `address-blocked`
 */
export function assertReachable(hostname: string, reach: Reach, server: string): void {
  const address = literalAddress(hostname);
  const refusal =
    address === undefined ? refusalOfName(hostname, reach) : refusalOfAddress(address, reach);
  if (refusal) throw blockedAddress(refusal, server);
}

/**
 * A lookup that resolves a name to the addresses that may be asked. It fails with a {@link BlockedAddress} if there is none. The check is
 * here and not before, so that the address which was checked is the one that is asked.
 */
export function reachingLookup(reach: Reach): LookupFunction {
  return (hostname, options, done) => {
    const all: LookupAllOptions = { ...(options as LookupAllOptions), all: true };
    lookup(hostname, all, (error, found) => {
      if (error) return void done(error, '');
      const addresses = allowedOf(hostname, found, reach);
      if (addresses instanceof BlockedAddress) return void done(addresses, '');
      const [first] = addresses as [LookupAddress];
      if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

function allowedOf(
  hostname: string,
  found: LookupAddress[],
  reach: Reach,
): LookupAddress[] | BlockedAddress {
  const protection = ssrfProtection(process.env);
  if (protection?.ofName(hostname) === 'allowed') {
    // n8n refuses a name if one of its addresses is blocked.
    const blocked = found.find(({ address }) => !protection.allows(address));
    if (blocked) return new BlockedAddress({ problem: 'n8nAddress', address: blocked.address });
  }
  // Such a name is of a private network whatever it resolves to.
  if (reach === 'internal' && isInternalName(hostname)) return found;
  const allowed = found.filter(({ address }) => isWithinReach(reach, address));
  if (allowed.length > 0) return allowed;
  return new BlockedAddress({ problem: problemOf(reach), address: found[0]?.address ?? hostname });
}

function refusalOfAddress(address: string, reach: Reach): Refusal | undefined {
  if (ssrfProtection(process.env)?.allows(address) === false) {
    return { problem: 'n8nAddress', address };
  }
  return isWithinReach(reach, address) ? undefined : { problem: problemOf(reach), address };
}

function refusalOfName(name: string, reach: Reach): Refusal | undefined {
  if (ssrfProtection(process.env)?.ofName(name) === 'none') {
    return { problem: 'n8nName', address: name };
  }
  if (reach !== 'public' || !isInternalName(name)) return undefined;
  return { problem: 'internal', address: name };
}

function isWithinReach(reach: Reach, address: string): boolean {
  if (reach === undefined) return true;
  return reach === 'internal' ? isPrivateAddress(address) : !isInternalAddress(address);
}

function problemOf(reach: Reach): 'internal' | 'public' {
  return reach === 'internal' ? 'public' : 'internal';
}
