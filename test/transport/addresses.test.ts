import {
  isInternalAddress,
  isInternalName,
  isPrivateAddress,
  networks,
  isWithin,
} from '../../core/transport/addresses';
import { isInternalHost } from '../../core/transport/reach';

it.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
])('isInternalAddress knows %s', (address) => {
  expect(isInternalAddress(address)).toBe(true);
});

it.each([
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.169.0.0',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2606:4700:4700::1111',
  '2a00::1',
])('isInternalAddress knows that %s is public', (address) => {
  expect(isInternalAddress(address)).toBe(false);
});

it.each([
  'https://0x7f.1',
  'https://0177.0.0.1',
  'https://2130706433',
  'https://127.1',
  'https://①②⑦.0.0.1',
  'https://[::1]',
  'https://[0:0:0:0:0:ffff:7f00:1]',
  'https://LOCALHOST',
  'https://localhost.',
  'https://x.LocalHost',
  'https://printer.local',
  'https://metadata.google.internal',
  'https://intranet',
])('isInternalHost knows %s', (url) => {
  expect(isInternalHost(new URL(url).hostname)).toBe(true);
});

it('isInternalName takes other names for public ones', () => {
  for (const name of [
    'bank.example',
    'localhost.bank.example',
    'internal.bank.com',
    'bank.example.',
  ])
    expect(isInternalName(name)).toBe(false);
});

it.each(['127.0.0.1', '::ffff:10.0.0.1', '169.254.0.1', '100.64.0.1', 'fd00::1', 'fe80::1', '::1'])(
  'isPrivateAddress takes %s for an address of a private network',
  (address) => {
    expect(isPrivateAddress(address)).toBe(true);
    expect(isInternalAddress(address)).toBe(true);
  },
);

it.each([
  '2002:5db8:d822::1',
  '2001::1',
  '203.0.113.1',
  '224.0.0.1',
  '64:ff9b::10.0.0.1',
  '3fff::1',
])('takes %s neither for public nor for private', (address) => {
  expect(isPrivateAddress(address)).toBe(false);
  expect(isInternalAddress(address)).toBe(true);
});

it('networks leaves out what is no network', () => {
  const list = networks([
    '',
    'x',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '::/129',
    ' 11.0.0.0/8 ',
  ]);
  expect(['10.0.0.1', '11.0.0.1'].map((address) => isWithin(address, list))).toEqual([false, true]);
});
