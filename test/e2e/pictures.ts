import { join } from 'node:path';

/** The folder for the documentation's pictures if the variable PICTURES is set to renew them. */
export const pictures = process.env.PICTURES ? join(__dirname, '..', '..', 'docs') : undefined;
