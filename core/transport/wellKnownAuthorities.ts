import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

/**
 * The authorities in PEM that Node.js trusts by itself: those that it brings along, and those that NODE_EXTRA_CA_CERTS names.
 *
 * A newer Node.js lists them. It adds those of the operating system if `--use-system-ca` is set.
 */
export function wellKnownAuthorities(): string {
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'default') => string[] };
  if (getCACertificates) return getCACertificates('default').join('\n');
  return [...tls.rootCertificates, extraAuthorities()].join('\n');
}

function extraAuthorities(): string {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  if (!file) return '';
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Node.js also goes on without the file, and has warned when it started.
    return '';
  }
}
