import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { FilesReport } from "../../../../src/model/file-params.ts";
import type { Job } from "../../api/jobs.ts";
import { type Outcome, OutcomeMark } from "../../parts/outcome.tsx";
import { RunRejects } from "../../parts/run-rejects.tsx";
import { Section } from "../../parts/section.tsx";
import { visible } from "../../parts/visible.ts";
import classes from "./files-report.module.css";

type FileOutcome = FilesReport["files"][number];

const states: Readonly<Record<FileOutcome["status"], { outcome: Outcome; label: string }>> = {
  processed: { outcome: "completed", label: "Processed" },
  invalid: { outcome: "failed", label: "Refused" },
  unreadable: { outcome: "failed", label: "Unreadable" },
  skipped: { outcome: "skipped", label: "Skipped" },
};

/** The report that a job on files has made, also one that failed; undefined for all others. */
export function filesReportOf({ jobType, result, error }: Job): FilesReport | undefined {
  if (jobType !== "validateDataFiles" && jobType !== "transformDataFiles") return undefined;
  const found: unknown = result ?? error?.details;
  return isReport(found) ? found : undefined;
}

function isReport(value: unknown): value is FilesReport {
  return (
    typeof value === "object" && value !== null && "totals" in value && "files" in value && Array.isArray(value.files)
  );
}

/** What became of each file: its records by what they came to, and where to find what was made of it. */
export function FilesReportSection({ job, report }: { job: Job; report: FilesReport }) {
  const { files, omitted, held, totals } = report;
  return (
    <Section title="Files">
      {files.length === 0 ? (
        <Text size="sm">No file fitted, and so there was nothing to do.</Text>
      ) : (
        /* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */
        <section className={classes.frame} tabIndex={0} aria-label="What became of each file">
          <table className={classes.table} aria-label="Files">
            <thead>
              <tr>
                {["File", "Read", "Valid", "Refused", "Dropped"].map((heading) => (
                  <th key={heading} scope="col">
                    {heading}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {files.map((file) => (
                <FileRow key={file.filename} file={file} job={job} />
              ))}
            </tbody>
            {totals.files > 1 && (
              <tfoot>
                <tr>
                  <th scope="row">{totals.files.toLocaleString()} files</th>
                  <Counts {...totals} />
                </tr>
              </tfoot>
            )}
          </table>
        </section>
      )}
      {omitted > 0 && (
        <Text size="sm" className="dim" mt="sm">
          and {omitted.toLocaleString()} files that are only counted
        </Text>
      )}
      {held > 0 && (
        <Text size="sm" className="dim" mt="sm">
          {held === 1 ? "A file was" : `${held.toLocaleString()} files were`} passed over, because another job worked on{" "}
          {held === 1 ? "it" : "them"}.
        </Text>
      )}
    </Section>
  );
}

function FileRow({ file, job }: { file: FileOutcome; job: Job }) {
  const { filename, status, target, errors, movedTo, fault } = file;
  const incoming = job.params.incomingBucketCode;
  const bucketCode = movedTo ?? (typeof incoming === "string" ? incoming : undefined);
  const { outcome, label } = states[status];
  return (
    <tr>
      <td>
        <div className={classes.name}>
          <OutcomeMark outcome={outcome} /> <span className="visually-hidden">{label}: </span>
          {bucketCode === undefined ? (
            <span className="foreign">{visible(filename)}</span>
          ) : (
            <FileLink bucketCode={bucketCode} filename={filename} />
          )}
        </div>
        <ul className={classes.notes}>
          {status !== "processed" && <li>{label}</li>}
          {fault !== null && <li className={`${classes.fault} foreign`}>{visible(fault)}</li>}
          {movedTo !== null && (
            <li>
              now in <code className="foreign">{movedTo}</code>
            </li>
          )}
          {target && (
            <li>
              made <FileLink {...target} />
            </li>
          )}
          {errors && (
            <li className={classes.errors}>
              <FileLink bucketCode={errors.bucketCode} filename={errors.filename} label="See what was refused" />
              <RunRejects
                bucketCode={errors.bucketCode}
                filename={errors.filename}
                work={{ jobType: job.jobType, params: job.params }}
                jobDefinitionCode={job.jobDefinitionCode}
              />
            </li>
          )}
        </ul>
      </td>
      <Counts {...file} />
    </tr>
  );
}

function FileLink({ bucketCode, filename, label }: { bucketCode: string; filename: string; label?: string }) {
  return (
    <Link to="/buckets/$bucketCode/file" params={{ bucketCode }} search={{ filename }} className="link foreign">
      {label ?? visible(filename)}
    </Link>
  );
}

function Counts({ read, valid, invalid, dropped }: Pick<FileOutcome, "read" | "valid" | "invalid" | "dropped">) {
  return (
    <>
      <td className="number" data-label="read">
        {read.toLocaleString()}
      </td>
      <td className="number" data-label="valid">
        {valid.toLocaleString()}
      </td>
      <td className="number" data-label="refused" data-bad={invalid > 0 || undefined}>
        {invalid.toLocaleString()}
      </td>
      <td className="number" data-label="dropped">
        {dropped.toLocaleString()}
      </td>
    </>
  );
}

/** Where a job has put the file that it fetched: `downloadFile`, and calls that store their answer. */
export function StoredFile({ result }: { result: unknown }) {
  const file = [result, Object(result ?? {}).file].find(isStored);
  if (!file) return null;
  return (
    <Text size="sm" mb="sm">
      Stored as <FileLink {...file} /> in <code className="foreign">{file.bucketCode}</code>
    </Text>
  );
}

function isStored(value: unknown): value is { bucketCode: string; filename: string } {
  if (typeof value !== "object" || value === null) return false;
  return (
    "bucketCode" in value &&
    typeof value.bucketCode === "string" &&
    "filename" in value &&
    typeof value.filename === "string"
  );
}
