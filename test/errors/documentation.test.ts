import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderErrors } from '../../docs/errors';
import { catalogue } from '../../core/errors/catalogue';

const written = readFileSync(resolve(__dirname, '../../docs/errors.md'), 'utf8');

it('docs/errors.md is the text that renderErrors makes from the catalogue', () => {
  expect(written).toBe(renderErrors());
});

it('docs/errors.md has a row for each code, with the code in backticks in the first column', () => {
  const [table = ''] = written.split('## Common failures');
  const codes = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code);
  expect(codes.sort()).toEqual(Object.keys(catalogue).sort());
});

it('no advice sends the reader of a bank without the field "Host" to this field alone', () => {
  // The field exists for WSO2 only, and the messages of "wrong-server" are about WSO2.
  const advice = Object.entries(catalogue).filter(([code]) => code !== 'wrong-server');
  const alone = advice.filter(([, entry]) =>
    /"Host"(?! or "(Issuer|Token Endpoint)")/.test(JSON.stringify(entry).replaceAll('\\"', '"')),
  );
  expect(alone.map(([code]) => code)).toEqual([]);
});
