import type { IDataObject } from 'n8n-workflow';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import {
  SIGNATURE_MEMBERS,
  type JwtPayload,
  type TextPayload,
} from '../../../../core/oauth/jwt/signPayload';
import { jsonObject } from '../../../jsonObject';
import { choiceParameter, secondsOption, textOption, textParameter } from '../../../parameters';
import type { Operation, OperationInput } from '../operation';

/** Payload → Sign: the body of a request, signed as a JWT, a compact JWS or a detached JWS. */
export const sign: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    const form = choiceParameter(input, 'form', 'Signed As', ['jwt', 'compact', 'detached']);
    if (form === 'jwt') {
      const body = await input.client.signPayload(jwtPayload(input));
      return { items: [{ body, content_type: 'application/jwt' }], remarks: [] };
    }
    const payload = textPayload(input, form);
    const signed = await input.client.signPayload(payload);
    const item: IDataObject =
      form === 'compact'
        ? { body: signed, content_type: 'application/jose' }
        : { body: payload.text, content_type: 'application/json', signature: signed };
    return { items: [item], remarks: [] };
  },
};

function jwtPayload(input: OperationInput): JwtPayload {
  const audience = textParameter(input, 'audience', 'Audience').trim();
  return {
    kind: 'jwt',
    claims: jsonObject(given(input), 'Payload'),
    issuer: textOption(input, 'issuer', 'Issuer') ?? input.client.profile.clientId,
    ...(audience && { audience }),
    lifetime: secondsOption(input, 'lifetime', 'Lifetime') ?? 300,
    header: headerOf(input),
  };
}

function textPayload(input: OperationInput, kind: TextPayload['kind']): TextPayload {
  const members =
    kind === 'detached'
      ? choiceParameter(input, 'headerMembers', 'Header Members', ['none', 'uk', 'ukUnencoded'])
      : 'none';
  const issuer = members === 'none' ? '' : textParameter(input, 'signer', 'Signer').trim();
  const trustAnchor = textOption(input, 'trustAnchor', 'Trust Anchor') ?? 'openbanking.org.uk';
  return {
    kind,
    text: textOf(given(input)),
    isUnencoded: members === 'ukUnencoded',
    ...(members !== 'none' && { uk: { issuer, trustAnchor } }),
    header: headerOf(input),
  };
}

/** The field "Payload": a text, or an object that an expression yields. */
function given({ context, itemIndex }: OperationInput): unknown {
  return context.getNodeParameter('payload', itemIndex, '');
}

function textOf(payload: unknown): string {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload ?? '');
  if (text.trim() && text !== '""') return text;
  throw new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: 'Payload' },
    description:
      'Give the text to sign, or fix the expression, which yields an empty value. Nothing was signed.',
  });
}

/** The option "Further Header Members". @throws OpenBankingError `field-malformed` for members of the signature itself */
function headerOf({ options }: OperationInput): Readonly<Record<string, unknown>> {
  if (!Object.hasOwn(options, 'header')) return {};
  const field = 'Further Header Members';
  const header = jsonObject(options.header, field);
  const reserved = SIGNATURE_MEMBERS.find((name) => Object.hasOwn(header, name));
  if (reserved === undefined) return header;
  throw new OpenBankingError('field-malformed', {
    problem: 'reserved',
    values: { field, name: reserved },
    description:
      'Remove it. "alg" and "kid" come from the credential, "crit" and "b64" from "Header Members". Nothing was signed.',
  });
}
