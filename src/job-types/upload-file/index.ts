/** Sends a file of a bucket to another place. */
import { defineJobType } from "../contract.ts";
import { isSftp } from "../shared/sftp.ts";
import { describeTransferFailure, newTransfer, requireNone } from "../shared/transfer-failure.ts";
import { openFileBody } from "./file-body.ts";
import { checkFilledParams, checkParams, paramsSchema } from "./params.ts";
import { resultSchema } from "./result.ts";
import { sendByHttp } from "./send-by-http.ts";
import { sendBySftp } from "./send-by-sftp.ts";

/** The job type `uploadFile`: a bucket to http, https or sftp. */
export const uploadFile = defineJobType({
  code: "uploadFile",
  name: "Upload a file",
  description: "Sends a file of a bucket by http, https or sftp.",
  paramsSchema,
  resultSchema,
  defaults: { timeoutSeconds: 3_600 },
  checkParams,
  async run(ctx, params) {
    const exchange = newTransfer(params);
    try {
      requireNone(checkFilledParams(params));
      const file = await openFileBody(ctx, params);
      try {
        const sent = isSftp(params)
          ? await sendBySftp(ctx, params, file)
          : await sendByHttp(ctx, params, file, exchange);
        const { bucketCode, filename } = params;
        ctx.log.info(`${filename}: ${file.bytes} bytes sent`);
        return { bucketCode, filename, bytes: file.bytes, sha256: file.sha256, ...sent };
      } finally {
        file.close();
      }
    } catch (error) {
      throw describeTransferFailure(ctx, exchange, error);
    }
  },
});
