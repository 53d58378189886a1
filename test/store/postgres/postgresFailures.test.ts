import { DatabaseError } from 'pg';
import { endsConnection } from '../../../core/store/postgres/postgresFailures';

/** An error of the server, with its severity in a language. */
function serverError(severity: string, code: string): Error {
  return Object.assign(new DatabaseError('message', 1, 'error'), { severity, code });
}

describe('a connection', () => {
  it.each(['ERROR', 'FEHLER', 'ERREUR', '错误'])(
    'stays after an error of a statement, which the server calls %s',
    (severity) => {
      for (const code of ['23505', '42P01', '57014', '55P03', '40001', '25006']) {
        expect(endsConnection(serverError(severity, code))).toBe(false);
      }
    },
  );

  it.each(['FATAL', 'FATALE', 'ERROR'])(
    'ends after an error that closes it, which the server calls %s',
    (severity) => {
      for (const code of ['57P01', '57P03', '08P01', '53300', '25P03', 'XX000', '28P01', '3D000']) {
        expect(endsConnection(serverError(severity, code))).toBe(true);
      }
    },
  );

  it.each(['EPIPE', 'ETIMEDOUT', undefined])(
    'ends after an error that is not of the server: %s',
    (code) => {
      expect(endsConnection(Object.assign(new Error('lost'), { code }))).toBe(true);
    },
  );
});
