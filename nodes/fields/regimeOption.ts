import type { INodeProperties } from 'n8n-workflow';
import { regimeOptions } from '../../credentials/fields/bankFields';

/** The option "Regime" of operations that follow the regime of the credential. */
export const regimeOption: INodeProperties = {
  displayName: 'Regime',
  name: 'regime',
  type: 'options',
  options: [{ name: 'As in the Credential', value: 'credential' }, ...regimeOptions],
  default: 'credential',
  description:
    'The rules of the country or the security profile that the bank follows, in place of the regime of the credential',
};
