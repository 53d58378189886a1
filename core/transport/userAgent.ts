import { name, version } from '../../package.json';

/** Names this package and its version in every request that it sends (RFC 9110 §10.1.5). */
export const userAgent = `${name}/${version}`;
