import { execute, PASSWORD } from '../../support/stores/postgres';

/** A connection string with another user. The user is created, and has no rights but those of everybody. */
export async function newUser(
  connectionString: string,
  name: string,
  options = '',
): Promise<string> {
  await execute(connectionString, `CREATE USER ${name} PASSWORD '${PASSWORD}' ${options}`);
  const url = new URL(connectionString);
  url.username = name;
  return url.href;
}

/** A connection string with other parameters. */
export function withParameters(
  connectionString: string,
  parameters: Record<string, string>,
): string {
  const url = new URL(connectionString);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href.replaceAll('+', '%20');
}
