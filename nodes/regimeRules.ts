import { regimeOf, rulesOf, type RegimeRules } from '../core/profile/regime';
import type { BankSettings } from '../core/profile/settings';
import { textOption, type FieldSource } from './parameters';

/**
 * The rules of the option "Regime" of a node, or else those of the credential.
 *
 * @throws OpenBankingError `input-missing`, `field-malformed`
 */
export function regimeRulesOf(source: FieldSource, settings: BankSettings): RegimeRules {
  return rulesOf(regimeOf(settings, textOption(source, 'regime', 'Regime')), settings.bank);
}
