import type { Sql } from "../sql.ts";
import type { HeldClaim } from "./release-claims.ts";

/** The claims that a node has held for at least `heldForMs`. */
export async function listHeldClaims(sql: Sql, nodeId: string, heldForMs: number): Promise<HeldClaim[]> {
  return sql<{ id: string; claim: string }>`
    select id, claim from job_queue
     where state = 'claimed' and node_id = ${nodeId}::uuid
       and started_at <= app_now() - ${heldForMs}::float8 * interval '1 ms'`;
}
