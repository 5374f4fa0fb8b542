import type { Route } from "../route.ts";
import { createApiKeyRoute, listApiKeysRoute, revokeApiKeyRoute } from "./api-keys.ts";
import { listAuditEventsRoute } from "./audit-events.ts";
import {
  deleteBucketRoute,
  deleteFilesRoute,
  downloadFileRoute,
  listBucketsRoute,
  listFilesRoute,
  previewFileRoute,
  putBucketRoute,
  uploadFilesRoute,
} from "./buckets.ts";
import { getDefinitionVersionRoute, listDefinitionVersionsRoute } from "./definition-versions.ts";
import { getMailRoute, getSigningSecretRoute, listDeliveriesRoute, testMailRoute } from "./deliveries.ts";
import { readEventsRoute } from "./events.ts";
import {
  changeJobDefinitionRoute,
  createJobDefinitionRoute,
  deleteJobDefinitionRoute,
  executeJobDefinitionRoute,
  getJobDefinitionRoute,
  listJobDefinitionsRoute,
  putJobDefinitionRoute,
} from "./job-definitions.ts";
import { executeJobTypeRoute, getJobTypeRoute, listJobTypesRoute } from "./job-types.ts";
import {
  cancelJobRoute,
  getJobRoute,
  listAttemptsRoute,
  listJobLogsRoute,
  listJobsRoute,
  rerunJobRoute,
} from "./jobs.ts";
import { listNotificationsRoute, markNotificationsReadRoute } from "./notifications.ts";
import { listCustomerOccurrencesRoute, listDefinitionOccurrencesRoute } from "./occurrences.ts";
import { getOverviewRoute, listNodesRoute } from "./overview.ts";
import { backfillRoute, pauseRoute, resumeRoute } from "./schedule-control.ts";
import { previewCronRoute, previewScheduleRoute } from "./schedules.ts";
import { deleteSecretRoute, getSecretRoute, listSecretsRoute, putSecretRoute } from "./secrets.ts";
import { changeUserRoute, createUserRoute, getUserRoute, listUsersRoute, removeUserRoute } from "./users.ts";

/** Every route of the API, by the heading under which the reference shows it. */
export const routes: Readonly<Record<string, readonly Route[]>> = {
  "Job types": [listJobTypesRoute, getJobTypeRoute, executeJobTypeRoute],
  "Job definitions": [
    createJobDefinitionRoute,
    listJobDefinitionsRoute,
    getJobDefinitionRoute,
    changeJobDefinitionRoute,
    putJobDefinitionRoute,
    deleteJobDefinitionRoute,
    executeJobDefinitionRoute,
    listDefinitionVersionsRoute,
    getDefinitionVersionRoute,
  ],
  Jobs: [listJobsRoute, getJobRoute, listAttemptsRoute, listJobLogsRoute, cancelJobRoute, rerunJobRoute],
  Schedules: [
    pauseRoute,
    resumeRoute,
    backfillRoute,
    listDefinitionOccurrencesRoute,
    listCustomerOccurrencesRoute,
    previewCronRoute,
    previewScheduleRoute,
  ],
  Buckets: [
    listBucketsRoute,
    putBucketRoute,
    deleteBucketRoute,
    listFilesRoute,
    uploadFilesRoute,
    downloadFileRoute,
    previewFileRoute,
    deleteFilesRoute,
  ],
  Telling: [
    listNotificationsRoute,
    markNotificationsReadRoute,
    listDeliveriesRoute,
    getSigningSecretRoute,
    getMailRoute,
    testMailRoute,
  ],
  Events: [readEventsRoute],
  Overview: [getOverviewRoute, listNodesRoute],
  Secrets: [listSecretsRoute, getSecretRoute, putSecretRoute, deleteSecretRoute],
  Users: [createUserRoute, listUsersRoute, getUserRoute, changeUserRoute, removeUserRoute],
  "API keys": [createApiKeyRoute, listApiKeysRoute, revokeApiKeyRoute],
  Audit: [listAuditEventsRoute],
};
