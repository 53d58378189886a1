import 'reflect-metadata';
import { ExecuteContext } from 'n8n-core';
import {
  Workflow,
  type IDataObject,
  type INodeExecutionData,
  type INodeParameters,
} from 'n8n-workflow';
import type { OperationInput } from '../../nodes/OpenBankingToken/actions/operation';
import {
  consentParameter,
  switchOption,
  textOptions,
  textParameter,
} from '../../nodes/OpenBankingToken/actions/parameters';
import { isWrittenByHand } from '../../nodes/writtenByHand';
import { additionalDataOf, loadPackage, nodeTypesOf } from '../support/nodeExecution';

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
): OperationInput {
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
  return { context, itemIndex, options } as unknown as OperationInput;
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

describe('textOptions', () => {
  it('returns texts and numbers as text, and everything else as an empty text', () => {
    const options = { nonce: 'n', concurrency: 3, state: '={{ $json.list }}' };
    const text = { nonce: 'n', concurrency: '3', state: '' };
    expect(textOptions(inputOf({ options }, [json]))).toEqual(text);
  });

  it('returns an empty object if no option is set', () => {
    expect(textOptions(inputOf({}))).toEqual({});
  });

  it('evaluates an option that refers to another option', () => {
    const options = { state: 'x', nonce: '={{ $parameter["&state"] }}' };
    expect(textOptions(inputOf({ options }))).toEqual({ state: 'x', nonce: 'x' });
  });

  it('evaluates expressions with the given item', () => {
    const options = { state: '={{ $json.state }}' };
    const input = inputOf({ options }, [{ state: 'a' }, { state: 'b' }], 1);
    expect(textOptions(input)).toEqual({ state: 'b' });
  });
});

describe('switchOption', () => {
  const parameters = { resource: 'authorization', operation: 'createUrl' };

  it.each([true, false])('returns the default if the option is not set: %s', (byDefault) => {
    expect(switchOption(inputOf(parameters), 'pkce', byDefault)).toBe(byDefault);
  });

  it.each([true, false])('returns a fixed value: %s', (pkce) => {
    expect(switchOption(inputOf({ ...parameters, options: { pkce } }), 'pkce', !pkce)).toBe(pkce);
  });

  it('returns the value of an expression', () => {
    const input = inputOf({ ...parameters, options: { pkce: '={{ 1 > 2 }}' } });
    expect(switchOption(input, 'pkce', true)).toBe(false);
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
