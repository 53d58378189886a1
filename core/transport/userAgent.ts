import { name, version } from '../../package.json';

/** `User-Agent` of every request (RFC 9110 §10.1.5): this package and its version. */
export const userAgent = `${name}/${version}`;
