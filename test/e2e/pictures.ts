import { join } from 'node:path';

/** Where the pictures of the documentation go, when the variable PICTURES asks to renew them. */
export const pictures = process.env.PICTURES ? join(__dirname, '..', '..', 'docs') : undefined;
