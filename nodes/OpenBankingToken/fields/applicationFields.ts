import type { INodeProperties } from 'n8n-workflow';
import { optionsWith, scopeOption, shownFor } from './options';
import { applicationOutputOption } from './outputOption';

/** The fields of Get Application Token. */
export const applicationFields: INodeProperties[] = shownFor('application', [
  optionsWith(applicationOutputOption, { ...scopeOption, placeholder: 'e.g. accounts' }),
]);
