/** Every route of the API, by the heading under which the reference shows it. */
import type { Route } from "../route.ts";
import { createApiKeyRoute, listApiKeysRoute, revokeApiKeyRoute } from "./api-keys.ts";
import { listAuditEventsRoute } from "./audit-events.ts";
import {
  changeDefinition,
  createDefinition,
  deleteDefinition,
  executeDefinition,
  getDefinition,
  listDefinitions,
  putDefinition,
} from "./job-definitions.ts";
import { executeJobType, getJobType, listJobTypes } from "./job-types.ts";
import { cancelJobRoute, getJobRoute, listAttemptsRoute, listJobsRoute, listLogsRoute, rerunJobRoute } from "./jobs.ts";
import { previewCronRoute, previewScheduleRoute } from "./schedules.ts";
import { changeUserRoute, createUserRoute, getUserRoute, listUsersRoute, removeUserRoute } from "./users.ts";

/** Every route of the API, by the heading under which the reference shows it. */
export const routes: Readonly<Record<string, readonly Route[]>> = {
  "Job types": [listJobTypes, getJobType, executeJobType],
  "Job definitions": [
    createDefinition,
    listDefinitions,
    getDefinition,
    changeDefinition,
    putDefinition,
    deleteDefinition,
    executeDefinition,
  ],
  Jobs: [listJobsRoute, getJobRoute, listAttemptsRoute, listLogsRoute, cancelJobRoute, rerunJobRoute],
  Schedules: [previewCronRoute, previewScheduleRoute],
  Users: [createUserRoute, listUsersRoute, getUserRoute, changeUserRoute, removeUserRoute],
  "API keys": [createApiKeyRoute, listApiKeysRoute, revokeApiKeyRoute],
  Audit: [listAuditEventsRoute],
};
