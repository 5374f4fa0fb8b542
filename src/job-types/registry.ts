/** The job types that come with Punctual. */
import { callWebserviceEndpoint } from "./call-webservice-endpoint/index.ts";
import type { JobType } from "./contract.ts";

export const builtInJobTypes: readonly JobType[] = [callWebserviceEndpoint];
