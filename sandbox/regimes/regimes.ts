import { AUSTRALIA } from './australia';
import { BRAZIL } from './brazil';
import { FAPI1 } from './fapi1';
import { FAPI2 } from './fapi2';
import type { Regime, RegimeName } from './regime';
import { SAUDI_ARABIA, SAUDI_ARABIA_FAPI2 } from './saudiArabia';
import { UK } from './uk';
import { WSO2 } from './wso2';

/** The bank under each regime. */
export const REGIMES: Readonly<Record<RegimeName, Regime>> = {
  wso2: WSO2,
  fapi1: FAPI1,
  fapi2: FAPI2,
  uk: UK,
  brazil: BRAZIL,
  australia: AUSTRALIA,
  saudiArabia: SAUDI_ARABIA,
  saudiArabiaFapi2: SAUDI_ARABIA_FAPI2,
};
