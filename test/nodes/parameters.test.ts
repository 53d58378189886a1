import 'reflect-metadata';
import { ExecuteContext } from 'n8n-core';
import {
  Expression,
  Workflow,
  type IDataObject,
  type INodeExecutionData,
  type INodeParameters,
} from 'n8n-workflow';
import {
  textOptions,
  textParameter,
  type OperationInput,
} from '../../nodes/OpenBankingToken/actions/operation';
import { additionalDataOf, loadPackage, nodeTypesOf } from '../support/nodeExecution';

const NAME = 'Open Banking Token';

let nodeTypes: ReturnType<typeof nodeTypesOf>;
const evaluation = jest.spyOn(Expression.prototype, 'resolveSimpleParameterValue');

beforeAll(async () => {
  nodeTypes = nodeTypesOf(await loadPackage());
});
beforeEach(() => evaluation.mockClear());

/** The node in an execution, at one of its items. */
function inputOf(parameters: INodeParameters, items: IDataObject[], itemIndex = 0): OperationInput {
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
  return { context, itemIndex } as unknown as OperationInput;
}

function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const json: IDataObject = {
  ...{ refresh_token: 'rt-1', empty: '', number: 5, nothing: null, list: ['a'] },
  Data: { ConsentId: 'consent-1', Deeper: { _id: ' spaces ' } },
  ...{ constructor_id: 'c', binding: 'b', toString: 't', valueOf: 'v', caller: 'c' },
};

describe('a parameter that names a field of the item', () => {
  it.each([
    '={{ $json.refresh_token }}',
    '={{$json.refresh_token}}',
    '={{\n$json.Data.ConsentId\n}}',
    '={{ $json.Data.Deeper._id }}',
    '={{ $json.empty }}',
  ])('is read without n8n, and is what n8n makes of it: %j', (code) => {
    const input = inputOf({ code }, [json]);
    const text = textParameter(input, 'code');
    expect(evaluation).not.toHaveBeenCalled();
    expect(text).toBe(input.context.getNodeParameter('code', 0, ''));
    expect(evaluation).toHaveBeenCalled();
  });

  it('is that of its own item', () => {
    const input = inputOf({ code: '={{ $json.code }}' }, [{ code: 'a' }, { code: 'b' }], 1);
    expect(textParameter(input, 'code')).toBe('b');
  });
});

describe('a parameter that does anything else', () => {
  it.each([
    ['names a field that is not there', '={{ $json.missing }}', ''],
    ['names a field of nothing', '={{ $json.nothing.name }}', ''],
    ['names a field of a text', '={{ $json.refresh_token.name }}', ''],
    ['names a number', '={{ $json.number }}', '5'],
    ['names a list', '={{ $json.list }}', ''],
    ['asks for the length of a text', '={{ $json.refresh_token.length }}', '4'],
    ['calls a method', '={{ $json.refresh_token.toUpperCase() }}', 'RT-1'],
    ['names an optional field', '={{ $json?.refresh_token }}', 'rt-1'],
    ['has text before it', '=Bearer {{ $json.refresh_token }}', 'Bearer rt-1'],
    ['has text after it', '={{ $json.refresh_token }}!', 'rt-1!'],
    ['is two expressions', '={{ $json.refresh_token }}{{ $json.number }}', 'rt-15'],
    ['names another item', '={{ $input.all()[1].json.code }}', 'second'],
  ])('is evaluated by n8n: %s', (_what, code, text) => {
    const input = inputOf({ code }, [json, { code: 'second' }]);
    expect(textParameter(input, 'code')).toBe(text);
    expect(evaluation).toHaveBeenCalled();
  });

  // The engine of these tests refuses fewer of them than the isolate does, which is the other one that n8n has.
  it.each(['constructor_id', 'binding', 'caller', 'toString', 'valueOf'])(
    'is left to n8n, although the item has the field: %s',
    (name) => {
      const input = inputOf({ code: `={{ $json.${name} }}` }, [json]);
      const refusal = refusalOf(() => input.context.getNodeParameter('code', 0, ''));
      evaluation.mockClear();
      expect(refusalOf(() => textParameter(input, 'code'))).toBe(refusal);
      expect(evaluation).toHaveBeenCalled();
    },
  );

  it.each([
    ['plain text', 'plain'],
    ['an expression that was not switched on', '{{ $json.refresh_token }}'],
  ])('is taken as it is: %s', (_what, code) => {
    const input = inputOf({ code }, [json]);
    const read = jest.spyOn(input.context, 'getNodeParameter');
    expect(textParameter(input, 'code')).toBe(code);
    expect(read.mock.calls).toEqual([['code', 0, '', { rawExpressions: true }]]);
  });
});

describe('options', () => {
  it('are read without n8n where they are plain or name fields', () => {
    const options = { state: '={{ $json.refresh_token }}', nonce: 'n', concurrency: 3 };
    const input = inputOf({ options }, [json]);
    expect(textOptions(input)).toEqual({ state: 'rt-1', nonce: 'n', concurrency: '3' });
    expect(evaluation).not.toHaveBeenCalled();
  });

  it('are none where none are set', () => {
    expect(textOptions(inputOf({}, [json]))).toEqual({});
  });

  it('are evaluated all together where one of them needs n8n', () => {
    const options = {
      ...{ state: 'x', nonce: '={{ $parameter["&state"] }}', consentId: '={{ $now }}' },
      scope: '={{ $json.refresh_token }}',
    };
    expect(textOptions(inputOf({ options }, [json]))).toEqual({
      ...{ state: 'x', nonce: 'x', scope: 'rt-1' },
      consentId: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('are those of their own item', () => {
    const options = { state: '={{ $json.state }}' };
    const input = inputOf({ options }, [{ state: 'a' }, { state: 'b' }], 1);
    expect(textOptions(input)).toEqual({ state: 'b' });
  });
});
