/** People, keys and whole customers beside `demo`'s first admin. */
import { type Client, createClient } from "../../src/client/client.ts";
import { createCustomer } from "../../src/domain/create-customer.ts";
import { newApiKey } from "../../src/model/api-key.ts";
import type { Role } from "../../src/model/roles.ts";
import type { Caller } from "./http.ts";
import type { TestNode } from "./nodes.ts";

/** Makes another customer; the answer calls as its first admin. */
export async function addCustomer(node: TestNode, customerCode: string): Promise<Caller> {
  const apiKey = newApiKey();
  await createCustomer(
    node.context.database,
    node.context.clock,
    customerCode,
    `admin@${customerCode}.example`,
    apiKey,
  );
  return { origin: node.origin, customerCode, apiKey: apiKey.key };
}

/** Makes a person of `demo` with that role, and a key of the same role for it. */
export async function addPerson(
  node: TestNode,
  role: Role,
  email = `${role}@demo.example`,
): Promise<Caller & { api: Client; userId: string; apiKeyId: string }> {
  const { user } = await node.api.users.create({ user: { email, role } });
  const { apiKey } = await node.api.apiKeys.create({ apiKey: { name: `${role}'s key`, role, userEmail: email } });
  const caller = { origin: node.origin, customerCode: node.customerCode, apiKey: apiKey.key };
  const api = createClient({ baseUrl: caller.origin, customerCode: caller.customerCode, apiKey: caller.apiKey });
  return { ...caller, api, userId: user.userId, apiKeyId: apiKey.apiKeyId };
}
