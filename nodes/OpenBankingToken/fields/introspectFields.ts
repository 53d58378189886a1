import type { INodeProperties } from 'n8n-workflow';
import { managedTokenFields } from './managedTokenFields';
import { optionsWith, shownFor } from './options';

/** The fields of Introspect. */
export const introspectFields: INodeProperties[] = shownFor('introspect', [
  ...managedTokenFields,
  optionsWith(),
]);
