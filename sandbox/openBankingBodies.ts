import { amountOf, CUSTOMER, indicatorOf, type Account } from './accounts';
import { dateText } from './calendar';
import type { Consent } from './consents';
import { transactionId, type Transaction } from './transactions';
import type { Version } from './versions';

/** `OBReadConsentResponse1.Data`. */
export function consentBody(consent: Consent, version: Version): object {
  return {
    ConsentId: consent.id,
    Status: version.consentStatus(consent),
    CreationDateTime: consent.created.toISOString(),
    StatusUpdateDateTime: consent.statusUpdated.toISOString(),
    Permissions: consent.permissions,
    ExpirationDateTime: consent.expires?.toISOString(),
    TransactionFromDateTime: consent.transactionsFrom?.toISOString(),
    TransactionToDateTime: consent.transactionsTo?.toISOString(),
  };
}

/** `OBAccount6`. It has no account number if the consent permits only the basics. */
export function accountBody(account: Account, detailed: boolean, version: Version): object {
  return {
    AccountId: account.publicId ?? account.id,
    Status: 'Enabled',
    StatusUpdateDateTime: account.opened,
    Currency: account.currency,
    ...version.accountKind(account),
    Nickname: account.nickname,
    OpeningDate: account.opened,
    ...(detailed && {
      Account: account.identifications.map(({ schemeName, identification, secondary }) => ({
        SchemeName: schemeName,
        Identification: identification,
        Name: CUSTOMER.name,
        SecondaryIdentification: secondary,
      })),
    }),
  };
}

/**
 * `OBReadBalance1.Data.Balance`: the booked and the available balance. The credit line is included in the second.
 *
 * @param reserved hundredths that are reserved for pending payments; not positive
 */
export function balanceBody(
  account: Account,
  reserved: number,
  { balanceTypes }: Version,
  now = new Date(),
): object[] {
  const { id, publicId = id, currency, balance, creditLine } = account;
  const body = (type: string, hundredths: number): object => ({
    AccountId: publicId,
    CreditDebitIndicator: indicatorOf(hundredths),
    Type: type,
    DateTime: now.toISOString(),
    Amount: money(hundredths, currency),
  });
  return [
    body(balanceTypes.booked, balance),
    {
      ...body(balanceTypes.available, balance + reserved + (creditLine ?? 0)),
      ...(creditLine !== undefined && {
        CreditLine: [{ Included: true, Type: 'Pre-Agreed', Amount: money(creditLine, currency) }],
      }),
    },
  ];
}

/** `OBTransaction6`. It has no creditor, debtor and text if the consent permits only the basics. */
export function transactionBody(
  account: Account,
  row: Transaction,
  detailed: boolean,
  version: Version,
): object {
  const { payment, state, amount } = row;
  const [Code, SubCode] = version.transactionCodes[payment.kind];
  const isMade = state === 'booked' || state === 'declined';
  return {
    AccountId: account.publicId ?? account.id,
    TransactionId: transactionId(account, row),
    TransactionReference: payment.reference,
    CreditDebitIndicator: indicatorOf(amount),
    Status: version.transactionStates[state],
    TransactionMutability: isMade ? 'Immutable' : 'Mutable',
    BookingDateTime: timeText(row.booked),
    ValueDateTime: isMade ? timeText(row.made) : undefined,
    Amount: money(amount, account.currency),
    BankTransactionCode: { Code, SubCode },
    ...(detailed && details(account, row, version)),
  };
}

function details(account: Account, row: Transaction, version: Version): object {
  const { payment, state, amount, made, balanceAfter } = row;
  const { party, kind, exchange } = payment;
  return {
    // A pending payment has no town yet.
    TransactionInformation:
      kind === 'card' && state === 'booked'
        ? `${party}, ${payment.town} ${dateText(made)}`
        : [party, payment.reference].filter(Boolean).join(' '),
    ...(exchange && {
      CurrencyExchange: {
        SourceCurrency: exchange.currency,
        TargetCurrency: account.currency,
        UnitCurrency: exchange.currency,
        ExchangeRate: exchange.rate,
        InstructedAmount: money(Math.round(amount / exchange.rate), exchange.currency),
      },
    }),
    ...(account.showsBalances &&
      balanceAfter !== undefined && {
        Balance: {
          CreditDebitIndicator: indicatorOf(balanceAfter),
          Type: version.balanceTypes.booked,
          Amount: money(balanceAfter, account.currency),
        },
      }),
    ...counterparty(row),
  };
}

/** The other party: a merchant, or the account that paid or was paid. */
function counterparty({ payment, amount }: Transaction): object {
  const { party, kind, counterparty: identification, merchantCategory } = payment;
  if (kind === 'interest') return {};
  if (kind === 'card') {
    return {
      MerchantDetails: { MerchantName: party, MerchantCategoryCode: merchantCategory },
      CardInstrument: { CardSchemeName: 'VISA', AuthorisationType: 'Contactless' },
    };
  }
  const isIban = /^[A-Z]{2}/.test(identification ?? '');
  const SchemeName = isIban ? 'UK.OBIE.IBAN' : 'UK.OBIE.SortCodeAccountNumber';
  const other = {
    ...(identification && { SchemeName, Identification: identification }),
    Name: party,
  };
  return amount < 0 ? { CreditorAccount: other } : { DebtorAccount: other };
}

function money(hundredths: number, currency: string): object {
  return { Amount: amountOf(hundredths), Currency: currency };
}

/** A time as the standard's examples have it. */
function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}
