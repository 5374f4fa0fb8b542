import { invalid } from "../../model/api-errors.ts";
import { isAmongHosts } from "../../model/secret-hosts.ts";
import { signerCode, type Webhook } from "../../model/telling.ts";
import { findSealedSecrets } from "../../store/secrets/find-sealed-secrets.ts";
import type { Sql } from "../../store/sql.ts";

/** Refuses webhooks whose secret is bound to other hosts. @throws ApiError VALIDATION_FAILED */
export async function requireSigners(sql: Sql, customerCode: string, webhooks: readonly Webhook[]): Promise<void> {
  if (webhooks.length === 0) return;
  const secrets = await findSealedSecrets(
    sql,
    customerCode,
    webhooks.map(({ secret }) => signerCode(secret ?? null)),
  );
  const errors = webhooks.flatMap(({ url, secret }, index) => {
    const code = signerCode(secret ?? null);
    const hosts = secrets.find(({ secretCode }) => secretCode === code)?.hosts;
    if (!hosts || isAmongHosts(hosts, new URL(url))) return [];
    const message = `${code} may sign calls to ${hosts.join(", ")} alone: name another secret, or bind it to this host as well`;
    return [{ path: `/jobDefinition/options/webhooks/${index}/secret`, message }];
  });
  if (errors.length > 0) throw invalid(errors);
}
