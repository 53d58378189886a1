import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { codeBehind } from './codeBehind';

/** The list search of the field "Consent", for the nodes that have it. */
export async function searchConsents(
  this: ILoadOptionsFunctions,
  filter?: string,
  position?: string,
): Promise<INodeListSearchResult> {
  const search = await codeBehind(this.getNode(), import('./consentSearch'));
  return search.searchConsents(this, filter, position);
}
