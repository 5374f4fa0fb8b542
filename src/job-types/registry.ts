import { callWebserviceEndpoint } from "./call-webservice-endpoint/index.ts";
import type { JobType } from "./contract.ts";
import { downloadFile } from "./download-file/index.ts";
import { transformDataFiles } from "./transform-data-files/index.ts";
import { uploadFile } from "./upload-file/index.ts";
import { validateDataFiles } from "./validate-data-files/index.ts";

/** The job types that come with Punctual; a new one is added to this list. */
export const builtInJobTypes: readonly JobType[] = [
  callWebserviceEndpoint,
  downloadFile,
  uploadFile,
  validateDataFiles,
  transformDataFiles,
];
