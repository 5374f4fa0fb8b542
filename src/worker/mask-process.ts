/** A process that hides secrets in one large JSON, started by `masked-json.ts`, and ends. It holds nothing else of the node. */
import { createSecretMask } from "../model/mask-secrets.ts";
import { storableJson } from "../model/storable-json.ts";
import { endWithParent } from "../runtime/end-with-parent.ts";

/** What it is given. */
export interface MaskTask {
  readonly values: readonly string[];
  readonly json: string;
}

endWithParent();

process.once("message", ({ values, json }: MaskTask) => {
  process.send?.(storableJson(createSecretMask(values).json(JSON.parse(json))));
});
