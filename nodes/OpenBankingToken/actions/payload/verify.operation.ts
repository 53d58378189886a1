import type { IDataObject } from 'n8n-workflow';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { signingAlgorithms } from '../../../../core/keys/algorithms';
import { plainText } from '../../../../core/lib/displayText';
import { isJsonObject } from '../../../../core/lib/json';
import type { PayloadVerification } from '../../../../core/oauth/jwt/verifyPayload';
import { jsonObject } from '../../../jsonObject';
import {
  choiceOption,
  choiceParameter,
  jsonOption,
  textOption,
  textParameter,
} from '../../../parameters';
import type { Operation, OperationInput } from '../operation';

/** Payload → Verify: the content of a payload that the bank signed. */
export const verify: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    const claims = jsonOption(input, 'claims', 'Claims');
    const algorithm = choiceOption(input, 'algorithm', 'Algorithm', signingAlgorithms);
    const audience = textOption(input, 'audience', 'Audience');
    const { header, payload } = await input.client.verifyPayload({
      ...signedText(input),
      ...(algorithm && { algorithm }),
      issuer: textOption(input, 'issuer', 'Issuer'),
      audience,
      trustAnchor: textOption(input, 'trustAnchor', 'Trust Anchor'),
      ...(claims !== undefined && { claims: jsonObject(claims, 'Claims') }),
    });
    return {
      items: [{ payload, header } as IDataObject],
      remarks: audience === undefined ? audienceRemarks(payload) : [],
    };
  },
};

/** A warning that nobody compared the recipient of a payload: the bank signs for its other clients with the same keys. */
function audienceRemarks(payload: unknown): string[] {
  if (!isJsonObject(payload) || payload.aud === undefined) return [];
  const named = plainText(`"aud": ${JSON.stringify(payload.aud)}`);
  return [
    `The payload is for a recipient that was not compared (${named}). The bank signs payloads for its other clients with the same keys: add the option "Audience" with the value that stands for you.`,
  ];
}

function signedText(input: OperationInput): Pick<PayloadVerification, 'signed' | 'text'> {
  const isDetached =
    choiceParameter(input, 'signature', 'Signature', ['attached', 'detached']) === 'detached';
  if (!isDetached) return { signed: needed(input, 'signed', 'Signed Payload') };
  return {
    signed: needed(input, 'detachedSignature', 'Detached Signature'),
    text: needed(input, 'text', 'Text'),
  };
}

/** @throws OpenBankingError `input-missing`, also for an object: only the text that the bank sent can be verified */
function needed(input: OperationInput, name: string, label: string): string {
  const text = textParameter(input, name, label);
  if (text.trim()) return text;
  throw new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: label },
    description:
      'Give the text exactly as the bank sent it. In the HTTP Request node before, choose "Response Format" → "Text" under "Options" → "Response", and for a detached signature also "Include Response Headers and Status".',
  });
}
