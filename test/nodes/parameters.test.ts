import 'reflect-metadata';
import { ExecuteContext } from 'n8n-core';
import {
  Workflow,
  type IDataObject,
  type INodeExecutionData,
  type INodeParameters,
} from 'n8n-workflow';
import {
  blankableOption,
  choiceParameter,
  consentParameter,
  secondsOption,
  switchOption,
  textOption,
  textParameter,
  type ParameterSource,
} from '../../nodes/parameters';
import { isWrittenByHand } from '../../nodes/writtenByHand';
import { additionalDataOf, loadPackage, nodeTypesOf } from '../support/n8n/nodeExecution';

const NAME = 'Open Banking Token';

let nodeTypes: ReturnType<typeof nodeTypesOf>;

beforeAll(async () => {
  nodeTypes = nodeTypesOf(await loadPackage());
});

/** The input of an operation for one item, in n8n's own execution context. */
function inputOf(
  parameters: INodeParameters,
  items: IDataObject[] = [{}],
  itemIndex = 0,
): ParameterSource {
  const node = {
    ...{ id: '1', name: NAME, type: 'n8n-nodes-open-banking.openBankingToken', typeVersion: 1 },
    position: [0, 0] as [number, number],
    parameters: { resource: 'token', operation: 'exchange', ...parameters },
  };
  const workflow = new Workflow({
    ...{ id: '1', nodes: [node], connections: {}, active: false },
    nodeTypes,
  });
  const input = items.map((json): INodeExecutionData => ({ json }));
  const context = new ExecuteContext(
    workflow,
    workflow.nodes[NAME]!,
    additionalDataOf({ parameters }),
    'manual',
    { resultData: { runData: {} } } as never,
    0,
    input,
    { main: [input] },
    { data: { main: [input] }, node, source: null },
    [],
  );
  const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
  return { context, itemIndex, options };
}

const json: IDataObject = {
  ...{ refresh_token: 'rt-1', empty: '', number: 5, nothing: null, list: ['a'] },
  Data: { ConsentId: 'consent-1' },
};

describe('textParameter', () => {
  it.each([
    ['a fixed text', 'plain', 'plain'],
    ['a fixed text with the braces of an expression', '{{ $json.number }}', '{{ $json.number }}'],
    ['a field of the item', '={{ $json.refresh_token }}', 'rt-1'],
    ['a nested field of the item', '={{\n$json.Data.ConsentId\n}}', 'consent-1'],
    ['a missing field of the item', '={{ $json.missing }}', ''],
    ['a field of null', '={{ $json.nothing.name }}', ''],
    ['a number', '={{ $json.number }}', '5'],
    ['a list', '={{ $json.list }}', ''],
    ['a call of a method', '={{ $json.refresh_token.toUpperCase() }}', 'RT-1'],
    ['an expression inside a text', '=Bearer {{ $json.refresh_token }}!', 'Bearer rt-1!'],
    ['another item', '={{ $input.all()[1].json.code }}', 'second'],
  ])('reads %s', (_what, code, text) => {
    expect(textParameter(inputOf({ code }, [json, { code: 'second' }]), 'code')).toBe(text);
  });

  it('evaluates an expression with the given item', () => {
    const input = inputOf({ code: '={{ $json.code }}' }, [{ code: 'a' }, { code: 'b' }], 1);
    expect(textParameter(input, 'code')).toBe('b');
  });
});

it.each([90071992547409931, 0.1])('textParameter refuses the number %s', (number) => {
  expect(() =>
    textParameter(inputOf({ code: '={{ $json.code }}' }, [{ code: number }]), 'code', 'Code'),
  ).toThrow(expect.objectContaining({ code: 'field-malformed' }));
});

describe('consentParameter', () => {
  it.each([
    ['a name chosen from the list', { __rl: true, mode: 'list', value: 'household' }],
    ['a name given by hand', { __rl: true, mode: 'id', value: ' household ' }],
    ['an expression', { __rl: true, mode: 'id', value: '={{ $json.name }}' }],
    ['a name saved before the list existed', 'household'],
    ['an expression saved before the list existed', '={{ $json.name }}'],
  ])('reads %s', (_what, consent) => {
    const parameters = { operation: 'valid', consent };
    expect(consentParameter(inputOf(parameters, [{ name: 'household' }]))).toBe('household');
  });
});

/** Values of an expression that are no text. */
const NO_TEXT = ['undefined', 'null', '""', '" "', '{}', '[]', '["a"]', 'true', 'false'];

describe('textOption', () => {
  const read = (given?: unknown, items: IDataObject[] = [json], itemIndex = 0) => {
    const options = given === undefined ? {} : { nonce: given };
    return textOption(
      inputOf({ options: options as INodeParameters }, items, itemIndex),
      'nonce',
      'Nonce',
    );
  };

  it('returns undefined if the option was not added', () => {
    expect(read()).toBeUndefined();
  });

  it.each([
    ['a text', ' n-1 ', 'n-1'],
    ['a number', '={{ $json.number }}', '5'],
    ['the largest number that is not rounded', '={{ 9007199254740991 }}', '9007199254740991'],
  ])('returns %s as text', (_what, given, text) => {
    expect(read(given)).toBe(text);
  });

  it('evaluates expressions with the given item', () => {
    expect(read('={{ $json.state }}', [{ state: 'a' }, { state: 'b' }], 1)).toBe('b');
  });

  it.each(['', ' ', ...NO_TEXT.map((value) => `={{ ${value} }}`)])('refuses %j', (given) => {
    expect(() => read(given)).toThrow(
      expect.objectContaining({
        code: 'input-missing',
        message: '"Nonce" is empty',
        outcome: 'not-sent',
      }),
    );
  });

  it.each(['90071992547409931', '-90071992547409931', '1.5', '1/0', '0/0'])(
    'refuses the number %s',
    (number) => {
      expect(() => read(`={{ ${number} }}`)).toThrow(
        expect.objectContaining({
          code: 'field-malformed',
          message: '"Nonce" is a number that a computer rounds',
        }),
      );
    },
  );
});

describe('blankableOption', () => {
  const read = (prompt?: string) => {
    const options = prompt === undefined ? {} : { prompt };
    const parameters = { resource: 'authorization', operation: 'createUrl', options };
    return blankableOption(inputOf(parameters, [json]), 'prompt', 'Prompt');
  };

  it('returns undefined if the option was not added', () => {
    expect(read()).toBeUndefined();
  });

  it.each(['', ' '])('returns an empty text if a person left it empty: %j', (given) => {
    expect(read(given)).toBe('');
  });

  it('returns the text of an expression', () => {
    expect(read('={{ $json.refresh_token }}')).toBe('rt-1');
  });

  it.each(NO_TEXT)('refuses an expression that yields %s', (value) => {
    expect(() => read(`={{ ${value} }}`)).toThrow(
      expect.objectContaining({ code: 'input-missing', message: '"Prompt" is empty' }),
    );
  });
});

describe('switchOption', () => {
  const parameters = { resource: 'authorization', operation: 'createUrl' };
  const read = (options: INodeParameters, byDefault: boolean) =>
    switchOption(inputOf({ ...parameters, options }), 'pkce', 'PKCE', byDefault);

  it.each([true, false])('returns the default if the option is not set: %s', (byDefault) => {
    expect(read({}, byDefault)).toBe(byDefault);
  });

  it.each([true, false])('returns a fixed value: %s', (pkce) => {
    expect(read({ pkce }, !pkce)).toBe(pkce);
  });

  it('returns the value of an expression', () => {
    expect(read({ pkce: '={{ 1 > 2 }}' }, true)).toBe(false);
  });

  it.each(['undefined', 'null', '""', '"true"', '1', '{}'])(
    'refuses an expression that yields %s',
    (value) => {
      expect(() => read({ pkce: `={{ ${value} }}` }, true)).toThrow(
        expect.objectContaining({ code: 'input-missing', message: '"PKCE" is empty' }),
      );
    },
  );
});

describe('secondsOption', () => {
  const read = (given?: unknown) => {
    const options = given === undefined ? {} : { margin: given };
    const parameters = { operation: 'valid', options: options as INodeParameters };
    return secondsOption(inputOf(parameters, [json]), 'margin', 'Refresh Before Expiry');
  };

  it.each([
    [undefined, undefined],
    [0, 0],
    [1.5, 1.5],
    ['={{ $json.number }}', 5],
    ['={{ "30" }}', 30],
  ])('reads %j as %j', (given, seconds) => {
    expect(read(given)).toBe(seconds);
  });

  it.each<[unknown, string]>([
    ...NO_TEXT.map((value): [string, string] => [`={{ ${value} }}`, 'input-missing']),
    ['={{ "soon" }}', 'field-malformed'],
    [-1, 'field-malformed'],
  ])('refuses %j', (given, code) => {
    expect(() => read(given)).toThrow(expect.objectContaining({ code }));
  });
});

describe('choiceParameter', () => {
  const read = (tokenFrom: string) =>
    choiceParameter(inputOf({ operation: 'revoke', tokenFrom }), 'tokenFrom', 'Token From', [
      'consent',
      'field',
    ]);

  it('returns the chosen value', () => {
    expect(read('field')).toBe('field');
  });

  it.each(['other', '={{ $json.missing }}', '={{ [] }}'])('refuses %j', (given) => {
    expect(() => read(given)).toThrow(
      expect.objectContaining({
        code: 'field-malformed',
        message: '"Token From" has an unknown value',
      }),
    );
  });
});

describe('isWrittenByHand', () => {
  it.each([
    ['a fixed text', 'https://app.example/redirect', true],
    ['a text pasted into a field in Expression mode', '=https://app.example/redirect', true],
    ['the braces of an expression in a fixed field', '{{ $json.redirect }}', true],
    ['an expression', '={{ $json.redirect }}', false],
    ['an expression inside a text', '=https://app.example/{{ $json.query }}', false],
  ])('classifies %s', (_what, code, expected) => {
    const { context } = inputOf({ code }, [json]);
    const isByHand = isWrittenByHand((options) => context.getNodeParameter('code', 0, '', options));
    expect(isByHand).toBe(expected);
  });
});
