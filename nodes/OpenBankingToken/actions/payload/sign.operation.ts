import type { IDataObject } from 'n8n-workflow';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import {
  SIGNATURE_MEMBERS,
  type JwtPayload,
  type TextPayload,
} from '../../../../core/oauth/jwt/signPayload';
import { jsonObject } from '../../../jsonObject';
import {
  choiceParameter,
  jsonOption,
  secondsOption,
  textOption,
  textParameter,
} from '../../../parameters';
import type { Operation, OperationInput } from '../operation';

/** Payload → Sign: the body of a request, signed as a JWT, a compact JWS or a detached JWS. */
export const sign: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    const form = choiceParameter(input, 'form', 'Signed As', ['jwt', 'compact', 'detached']);
    // Read for each form: an option that was added and yields nothing is an error, also if this form does not need it.
    const options = {
      issuer: textOption(input, 'issuer', 'Issuer'),
      lifetime: secondsOption(input, 'lifetime', 'Lifetime'),
      trustAnchor: textOption(input, 'trustAnchor', 'Trust Anchor'),
      header: headerOf(input),
    };
    if (form === 'jwt') {
      const body = await input.client.signPayload(jwtPayload(input, options));
      return { items: [{ body, content_type: 'application/jwt' }], remarks: [] };
    }
    const payload = textPayload(input, form, options);
    const signed = await input.client.signPayload(payload);
    const item: IDataObject =
      form === 'compact'
        ? { body: signed, content_type: 'application/jose' }
        : { body: payload.text, content_type: 'application/json', signature: signed };
    return { items: [item], remarks: [] };
  },
};

/** The fields under "Options". */
interface SigningOptions {
  readonly issuer?: string;
  readonly lifetime?: number;
  readonly trustAnchor?: string;
  readonly header: Readonly<Record<string, unknown>>;
}

function jwtPayload(
  input: OperationInput,
  { issuer, lifetime, header }: SigningOptions,
): JwtPayload {
  const audience = textParameter(input, 'audience', 'Audience').trim();
  return {
    kind: 'jwt',
    claims: jsonObject(payloadIn(input), 'Payload'),
    issuer: issuer ?? input.client.profile.clientId,
    ...(audience && { audience }),
    lifetime: lifetime ?? 300,
    header,
  };
}

function textPayload(
  input: OperationInput,
  kind: TextPayload['kind'],
  { trustAnchor = 'openbanking.org.uk', header }: SigningOptions,
): TextPayload {
  const members =
    kind === 'detached'
      ? choiceParameter(input, 'headerMembers', 'Header Members', ['none', 'uk', 'ukUnencoded'])
      : 'none';
  const issuer = members === 'none' ? '' : textParameter(input, 'signer', 'Signer').trim();
  return {
    kind,
    text: textIn(payloadIn(input)),
    isUnencoded: members === 'ukUnencoded',
    ...(members !== 'none' && { uk: { issuer, trustAnchor } }),
    header,
  };
}

/** The field "Payload": a text, or an object that an expression yields. */
function payloadIn({ context, itemIndex }: OperationInput): unknown {
  return context.getNodeParameter('payload', itemIndex, '');
}

function textIn(payload: unknown): string {
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
function headerOf(input: OperationInput): Readonly<Record<string, unknown>> {
  const field = 'Further Header Members';
  const given = jsonOption(input, 'header', field);
  if (given === undefined) return {};
  const header = jsonObject(given, field);
  const reserved = SIGNATURE_MEMBERS.find((name) => Object.hasOwn(header, name));
  if (reserved === undefined) return header;
  throw new OpenBankingError('field-malformed', {
    problem: 'reserved',
    values: { field, name: reserved },
    description:
      'Remove it. "alg" and "kid" come from the credential, "crit" and "b64" from "Header Members". Nothing was signed.',
  });
}
