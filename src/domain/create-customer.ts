import { conflict } from "../model/api-errors.ts";
import type { NewApiKey } from "../model/api-key.ts";
import type { Clock } from "../runtime/clock.ts";
import { insertApiKey } from "../store/api-keys/insert-api-key.ts";
import { insertFirstBuckets } from "../store/buckets/insert-first-buckets.ts";
import { insertCustomer } from "../store/customers/insert-customer.ts";
import type { Database } from "../store/database.ts";
import { insertUser } from "../store/users/insert-user.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Who the audit names for what is done at the command line. */
const operator = "operator";

/** Makes a customer with its first user, an admin, and that user's key. @throws ApiError CONFLICT where the code is taken */
export async function createCustomer(
  database: Database,
  clock: Clock,
  customerCode: string,
  adminEmail: string,
  apiKey: NewApiKey,
): Promise<void> {
  await inTransaction(database, async (sql) => {
    if (!(await insertCustomer(sql, customerCode))) throw conflict(`The customer code ${customerCode} is taken.`);
    await insertFirstBuckets(sql, customerCode);
    const userId = clock.newId();
    await insertUser(sql, customerCode, { userId, email: adminEmail, name: adminEmail, role: "admin" });
    await insertApiKey(sql, customerCode, {
      apiKeyId: apiKey.apiKeyId,
      userId,
      name: "first key",
      role: "admin",
      secretHash: apiKey.secretHash,
      expiresAt: null,
      createdBy: operator,
    });
    await recordAudit(sql, clock, { customerCode, email: operator }, "customer.create", customerCode, { adminEmail });
  });
}
