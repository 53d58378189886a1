import { taxNumber } from '../../../core/accounts/consents/taxNumbers';

it.each([
  ['529.982.247-25', 'CPF', '52998224725'],
  [' 01234567890 ', 'CPF', '01234567890'],
  ['11.222.333/0001-81', 'CNPJ', '11222333000181'],
  // The example of the Receita Federal for numbers with letters.
  ['12.abc.345/01de-35', 'CNPJ', '12ABC34501DE35'],
] as const)('reads %s as a %s', (given, kind, number) => {
  expect(taxNumber(given, kind)).toEqual({ number });
});

it.each([
  ['529.982.247-2', 'CPF', '11 digits'],
  ['5299822472A', 'CPF', '11 digits'],
  ['52998224725', 'CNPJ', '12 digits or letters'],
  ['12ABC34501DE3F', 'CNPJ', 'two digits'],
  ['111.111.111-11', 'CPF', 'repeated'],
  ['', 'CPF', '11 digits'],
] as const)('says of %s as a %s: %s', (given, kind, fault) => {
  expect(taxNumber(given, kind)).toEqual({ fault: expect.stringContaining(fault) as string });
});

it.each([
  ['52998224725', 'CPF'],
  ['12ABC34501DE35', 'CNPJ'],
] as const)('finds each wrong digit of %s', (number, kind) => {
  for (let place = 0; place < number.length; place++) {
    const sign = number.charAt(place);
    if (/\D/.test(sign)) continue;
    for (let step = 1; step < 10; step++) {
      const other = String((Number(sign) + step) % 10);
      const wrong = number.slice(0, place) + other + number.slice(place + 1);
      expect(taxNumber(wrong, kind)).toEqual({ fault: expect.stringContaining('check digits') });
    }
  }
});
