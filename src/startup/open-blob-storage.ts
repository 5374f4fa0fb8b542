import { join } from "node:path";
import type { Config } from "../config/settings.ts";
import { openDiskStorage } from "../files/disk-storage.ts";
import type { BlobStorage } from "../model/blob-storage.ts";

/** Opens the storage that the settings name. S3's client is loaded only where it is used: it is large. */
export async function openBlobStorage(config: Config): Promise<BlobStorage> {
  if (config.s3Bucket === null) return openDiskStorage(join(config.dataDir, "files"));
  const { openS3Storage } = await import("../files/s3-storage.ts");
  const { s3AccessKeyId, s3SecretAccessKey } = config;
  return openS3Storage({
    bucket: config.s3Bucket,
    endpoint: config.s3Endpoint,
    region: config.s3Region,
    credentials:
      s3AccessKeyId !== null && s3SecretAccessKey !== null
        ? { accessKeyId: s3AccessKeyId, secretAccessKey: s3SecretAccessKey }
        : null,
    prefix: config.s3Prefix,
  });
}
