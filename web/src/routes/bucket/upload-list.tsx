import { Button, CloseButton, Group, Progress, Text } from "@mantine/core";
import { ProblemError } from "../../api/request.ts";
import { formatBytes } from "../../parts/bytes.ts";
import { Section } from "../../parts/section.tsx";
import { visible } from "../../parts/visible.ts";
import classes from "./bucket.module.css";
import { clearUploads, dropUpload, retryUpload, type Upload } from "./uploads.ts";

const mostShown = 20;
const order: readonly Upload["state"][] = ["failed", "sending", "waiting", "done"];

/** How far files are that somebody has chosen, and what went wrong with them. */
export function UploadList({ bucketCode, uploads }: { bucketCode: string; uploads: readonly Upload[] }) {
  const count = (state: Upload["state"]): number => uploads.filter((one) => one.state === state).length;
  const done = count("done");
  const failed = count("failed");
  const isOver = done + failed === uploads.length;
  const sorted = [...uploads].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <Section
      title="Uploads"
      actions={
        isOver && (
          <Button size="xs" variant="default" onClick={() => clearUploads(bucketCode)}>
            Clear the list
          </Button>
        )
      }
    >
      <Text size="sm" role="status">
        {done} of {uploads.length} uploaded{failed > 0 && `, ${failed} refused`}
      </Text>
      <ul className={classes.uploads}>
        {sorted.slice(0, mostShown).map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
      </ul>
      {sorted.length > mostShown && (
        <Text size="sm" className="dim">
          and {sorted.length - mostShown} more
        </Text>
      )}
    </Section>
  );
}

function UploadRow({ upload }: { upload: Upload }) {
  const { id, file, state, share, error } = upload;
  const name = visible(file.name);
  return (
    <li className={classes.upload}>
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <span className="foreign">{name}</span>
        <Group gap="sm" wrap="nowrap">
          <span className="dim number">{state === "done" ? "uploaded" : formatBytes(file.size)}</span>
          {state === "failed" && (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Try again: ${name}`}
              onClick={() => retryUpload(id)}
            >
              Try again
            </Button>
          )}
          {state !== "done" && (
            <CloseButton
              size="sm"
              aria-label={state === "failed" ? `Take ${name} off the list` : `Do not upload ${name}`}
              onClick={() => dropUpload(id)}
            />
          )}
        </Group>
      </Group>
      {(state === "sending" || state === "waiting") && (
        <Progress value={share * 100} size="sm" aria-label={`${name}, ${Math.round(share * 100)} % sent`} />
      )}
      {error && (
        <Text size="sm" c="error" role="alert" className="foreign">
          {visible(error.message)} {error instanceof ProblemError && error.problem.remedy}
        </Text>
      )}
    </li>
  );
}
