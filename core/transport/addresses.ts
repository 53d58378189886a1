import { BlockList, isIP } from 'node:net';

/** Networks of IPv4 that are not on the public Internet (RFC 6890), and Azure's address of its own services. */
const INTERNAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** Networks of IPv6 that are not on the public Internet, or lead to IPv4 in a way that no bank uses (6to4, Teredo). */
const INTERNAL_IPV6 = [
  '::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  // NAT64 (RFC 6052 §2.1).
  ...INTERNAL_IPV4.map((network) => {
    const [address, bits] = network.split('/');
    return `64:ff9b::${address}/${96 + Number(bits)}`;
  }),
];

const internal = networks([...INTERNAL_IPV4, ...INTERNAL_IPV6]);

/** Networks of this machine, and those that people give to the machines of their own network (RFC 1918, 3927, 4193, 4291, 6598). */
const own = networks([
  ...['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.168.0.0/16', '::1/128', 'fc00::/7', 'fe80::/10'],
]);

/** Names that never belong to a server on the public Internet, by their last label (RFC 6761, RFC 6762, RFC 9476, ICANN's `internal`). */
const INTERNAL_DOMAINS = new Set(['localhost', 'local', 'internal', 'alt', 'onion']);

/** A list of networks in CIDR notation. Those that cannot be read are left out. IPv4 networks also apply to their addresses in IPv6. */
export function networks(list: readonly string[]): BlockList {
  const result = new BlockList();
  for (const network of list) {
    const [address = '', bits = ''] = network.trim().split('/');
    const family = familyOf(address);
    const length = Number(bits);
    const isReadable = /^\d{1,3}$/.test(bits) && length <= (family === 'ipv4' ? 32 : 128);
    if (family && isReadable) result.addSubnet(address, length, family);
  }
  return result;
}

/** Whether a text is an IP address. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}

/** Whether an IP address is in one of these networks. */
export function isWithin(address: string, list: BlockList): boolean {
  const [bare = ''] = address.split('%');
  const family = familyOf(bare);
  return family !== undefined && list.check(bare, family);
}

/**
 * Whether an IP address is of this machine, a private network or a cloud's own services: loopback, link-local, private, shared,
 * unspecified, multicast or reserved.
 */
export function isInternalAddress(address: string): boolean {
  return isWithin(address, internal);
}

/**
 * Whether an IP address is of this machine or of a private network. Each of these is internal, too, but not the reverse: an address that only
 * leads elsewhere (6to4, Teredo, documentation) is neither public nor private.
 */
export function isPrivateAddress(address: string): boolean {
  return isWithin(address, own);
}

/** Whether a host name never belongs to a server on the public Internet. A name without a dot is one. */
export function isInternalName(name: string): boolean {
  const labels = bareName(name).split('.');
  return labels.length === 1 || INTERNAL_DOMAINS.has(labels.at(-1)!);
}

/** A host name in lower case, without the dot at its end. */
export function bareName(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '');
}

/** The IP address of a host in a URL; `undefined` if it is a name. The class URL has normalised it. */
export function literalAddress(hostname: string): string | undefined {
  const address = withoutBrackets(hostname);
  return isAddress(address) ? address : undefined;
}

/** A host of a URL without the brackets around an IPv6 address. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
