/** This package. */
import { packageSettings, refresher } from '../package.mjs';

export function prepare(order) {
  return { token: refresher(packageSettings(order)) };
}
